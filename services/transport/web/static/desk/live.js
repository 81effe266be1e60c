// Keeps a page live: the board's stream, the clock and the state in the bar, and a question asked again when it changed.

import { ask, why } from "./ask.js";
import { fits, one, put } from "./dom.js";

const LATE_MS = 40_000; // the server speaks at least every 15 s
const SETTLE_MS = 700; // many events come together: ask once
const AGAIN_MS = 20_000; // ask now and then, whatever the stream says

/**
 * Follow the stream. `on` are handlers by event name (`run`, `alert`, `snapshot`, …).
 *
 * @returns {{status: () => {live: boolean}, trouble: (text: string | null) => void}}
 */
export function follow({ config, clock, on = {} }) {
  const words = config.live_words;
  let status = { live: false, reason: "page", since: null };
  let ever = false;
  let failed = null;
  let source;
  let heard = performance.now();
  let wait = 1000;

  function show() {
    const badge = one("[data-state]");
    const before = badge.dataset.state;
    const next = failed
      ? "stale"
      : status.live
        ? "live"
        : status.reason === "page" && !ever && navigator.onLine
          ? "connecting"
          : "stale";
    badge.dataset.state = next;
    put(one("[data-state-text]"), words[next]);
    const stale = one("[data-stale]");
    stale.hidden = next !== "stale";
    if (!stale.hidden) put(one("[data-stale-text]"), said());
    if (before !== next) put(one("[data-say]"), next === "stale" ? said() : before === "stale" ? words.again : "");
    document.body.classList.toggle("is-stale", next === "stale");
  }

  function said() {
    const at = clock.text(status.since ?? clock.now(), "seconds");
    if (!navigator.onLine) return fits(words.offline, { at });
    if (!status.live) return fits(words[status.reason] ?? words.page, { at });
    return failed;
  }

  function lost() {
    if (status.live || !status.since) status = { live: false, reason: "page", since: new Date(clock.now()).toISOString() };
    show();
  }

  const hear = {
    snapshot(all) {
      clock.set(all.now);
      status = all.status;
    },
    status: (next) => (status = next),
    beat: (beat) => clock.set(beat.at),
  };

  function connect() {
    source?.close();
    source = new EventSource(config.stream);
    heard = performance.now();
    for (const name of ["snapshot", "headcount", "run", "alert", "scanner", "status", "beat"]) {
      source.addEventListener(name, (event) => {
        heard = performance.now();
        wait = 1000;
        ever = true;
        const fact = JSON.parse(event.data);
        hear[name]?.(fact);
        on[name]?.(fact);
        if (name in hear) show();
      });
    }
    source.addEventListener("error", () => {
      lost();
      if (source.readyState === EventSource.CLOSED) retry(); // refused: it does not try again by itself
    });
  }

  async function retry() {
    source.close();
    const answer = await fetch("/api/v1/openapi.json", { method: "HEAD" }).catch(() => null);
    if (answer?.status === 401) return location.assign("/sign-in");
    setTimeout(connect, wait * (0.75 + Math.random() / 2)); // not all pages at the same moment
    wait = Math.min(wait * 2, 15_000);
  }

  setInterval(() => {
    put(one("[data-clock]"), clock.text(clock.now()));
    if (performance.now() - heard > LATE_MS) {
      lost();
      connect();
    }
  }, 500);
  addEventListener("offline", lost);
  addEventListener("online", connect);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
  return {
    status: () => status,
    trouble(text) {
      failed = text;
      show();
    },
  };
}

/**
 * Ask a question now, when `soon()` is called (once for many calls), and now and then; `take` gets each answer in the
 * order they were asked. Trouble is told to the page and asked again.
 */
export function asking({ url, take, trouble, words, clock, stay = false }) {
  let timer;
  let asked = 0;
  let shown = 0;
  let got = null;
  let last = performance.now();

  async function now() {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    const mine = ++asked;
    try {
      const answer = await ask(url(), { stay });
      if (mine <= shown) return; // a newer one was shown already
      shown = mine;
      got = clock.now();
      await take(answer);
      trouble(null);
    } catch (error) {
      if (mine > shown)
        trouble(
          got === null ? why(error, words) : fits(words.failed, { at: clock.text(got, "seconds"), why: why(error, words) }),
          got === null,
          error,
        );
    }
  }

  const soon = (within = SETTLE_MS) => (timer ??= setTimeout(now, within));
  setInterval(() => document.visibilityState === "visible" && performance.now() - last > AGAIN_MS && now(), 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  return { now, soon };
}

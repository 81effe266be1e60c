// Asks for the sheet: at the start, when the board's stream says that this run changed, when something was sent, and
// every twenty seconds while somebody looks.

const EVERY_MS = 20_000;
const SOON_MS = 250;
const CALM_MS = 1200; // while a hand is tapping the answer can wait: what it did shows already
const MOST_MS = 5000;
const PATIENCE_MS = 10_000;
const STREAM_AGAIN_MS = 60_000;

/**
 * @param {{
 *   run: string, url: string, stream: string, model: import("./model.js").Model, clock: import("./clock.js").Clock,
 *   onReached: (how: import("./outbox.js").Reached) => void,
 * }} parts
 */
export function createLive({ run, url, stream, model, clock, onReached }) {
  let asking = false;
  let again = false;
  let asked = -EVERY_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let since = 0; // when the first of them came
  let busy = -CALM_MS; // when a hand did something last
  /** @type {EventSource | null} */
  let source = null;

  async function refresh() {
    clearTimeout(soon);
    soon = undefined;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    asked = performance.now();
    try {
      do {
        again = false;
        const before = model.changes;
        const sheet = await ask();
        if (sheet) await model.take(sheet, before);
      } while (again);
    } finally {
      asking = false;
    }
  }

  async function ask() {
    let answer;
    try {
      answer = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.ok) {
        const sheet = await answer.json();
        clock.hear(sheet.at);
        onReached("ok");
        return sheet;
      }
    } catch {
      onReached("offline");
      return null;
    }
    onReached(answer.status === 401 ? "signed-out" : answer.status === 403 ? "forbidden" : "trouble");
    return null;
  }

  /** Several changes that come together are one question; none while a hand is busy, but for five seconds at most. */
  function refreshSoon() {
    const now = performance.now();
    if (soon === undefined) since = now;
    clearTimeout(soon);
    const calm = Math.max(SOON_MS, CALM_MS - (now - busy));
    soon = setTimeout(refresh, Math.max(0, Math.min(calm, since + MOST_MS - now)));
  }

  function listen() {
    source?.close();
    source = new EventSource(stream);
    source.addEventListener("run", (event) => {
      if (JSON.parse(event.data).run === run) refreshSoon();
    });
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null; // there is none here now; asking goes on
      setTimeout(() => document.visibilityState === "visible" && !source && listen(), STREAM_AGAIN_MS);
    });
  }

  const isLate = () => performance.now() - asked >= EVERY_MS;
  setInterval(() => document.visibilityState === "visible" && isLate() && refresh(), 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") refresh();
  });
  addEventListener("online", refresh);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
  return {
    refresh,
    refreshSoon,
    listen,
    /** A hand did something: whatever is waiting waits for it to rest. */
    touched() {
      busy = performance.now();
      if (soon !== undefined) refreshSoon();
    },
  };
}

// The board: shows what the stream says, keeps itself connected, and says so when it is not.

import { missingList } from "./missing.js";

const config = JSON.parse(document.getElementById("board-config").textContent);
const words = config.words;
const LATE_MS = 40_000; // the server speaks at least every 15 s
const state = { headcount: null, runs: new Map(), alerts: new Map(), scanners: new Map(), status: { live: false, reason: "page" } };

// -- time: the service's clock, which may run faster than ours when a day is played again ------------

let clockBase = { at: config.now_ms, mine: performance.now() };
const now = () => clockBase.at + (performance.now() - clockBase.mine) * config.speed;
const setClock = (text) => {
  clockBase = { at: Date.parse(text), mine: performance.now() };
};
const formats = {
  minutes: new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", timeZone: config.zone }),
  seconds: new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: config.zone }),
};
const clock = (at, precision = "minutes") => {
  const text = formats[precision].format(typeof at === "string" ? Date.parse(at) : at);
  return config.language === "nl" ? text.replaceAll(":", ".") : text;
};

// -- small helpers ----------------------------------------------------------------------------------

const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);
const index = (attribute) => new Map(all(`[${attribute}]`).map((element) => [element.getAttribute(attribute), element]));
const numbers = index("data-n");
const meters = index("data-meter");
const runRows = index("data-run");
const tiles = index("data-tile");
const sites = index("data-site");

function show(name, value) {
  const element = numbers.get(name);
  const text = value === null || value === undefined ? "–" : String(value);
  if (!element || element.textContent === text) return;
  element.textContent = text;
  if (!element.animate || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  element.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 180, easing: "ease-out" });
}

function fill(name, value, most) {
  const meter = meters.get(name);
  if (!meter) return;
  if (most) meter.max = most;
  meter.value = Math.min(value, meter.max);
  meter.classList.toggle("full", value >= meter.max && meter.max > 1);
}

const fits = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const missing = config.missing && missingList({ ...config.missing, now, clock });

// -- what is shown ----------------------------------------------------------------------------------

function showHeadcount() {
  const count = state.headcount;
  if (!count) return;
  const locations = count.places.filter((place) => place.kind === "location");
  const inCoaches = count.runs.reduce((sum, run) => sum + run.aboard, 0);
  const located = locations.reduce((sum, place) => sum + place.present, 0);
  for (const name of ["registered", "expected", "underway", "away", "missing", "unconfirmed"]) show(name, count[name]);
  show("coaches", inCoaches);
  for (const place of count.places) {
    show(`present:${place.place}`, place.present);
    show(`sum:${place.place}`, place.present);
    show(`expected:${place.place}`, place.expected);
    fill(place.place, place.present, place.capacity);
    sites.get(place.place)?.toggleAttribute("data-empty", place.present === 0);
  }
  const sum = count.expected + located + inCoaches + count.underway + count.away;
  const proof = one("[data-proof]");
  proof.dataset.proof = sum === count.registered ? "yes" : "no";
  one("[data-proof-text]").textContent = sum === count.registered ? words.proof : words.no_proof;
  tiles.get("missing").dataset.level = count.missing ? "stop" : "calm";
  missing?.(count.missing);
  tiles.get("unconfirmed").dataset.level = count.unconfirmed ? "unsure" : "calm";
  showStrip(count, locations, inCoaches);
  reloadWhenChanged(count);
}

function showStrip(count, locations, inCoaches) {
  const strip = one("[data-strip]");
  const shares = [
    ["expected", "expected", count.expected],
    ...locations.map((place) => [place.place, `place-${config.colours[place.place] ?? 8}`, place.present]),
    ["coaches", "coaches", inCoaches],
    ["underway", "underway", count.underway],
    ["away", "away", count.away],
  ];
  const known = new Map([...strip.children].map((element) => [element.dataset.share, element]));
  for (const [name, look, value] of shares) {
    let share = known.get(name);
    if (!share) {
      share = document.createElement("span");
      share.dataset.share = name;
      share.className = `share ${look}`;
      strip.append(share);
    }
    share.style.flexGrow = String(value);
    share.hidden = value === 0;
  }
}

/** How many a run carries, or carried once it arrived and its people got off. */
const riders = (run) => (["arrived", "closed"].includes(run.state) ? run.carried : run.aboard);

/** A run that nothing is said of any more: as it stood before anything was. */
const untold = (run) => ({ ...run, state: "planned", aboard: 0, listed: null });

function showRun(run) {
  const row = runRows.get(run.run);
  if (!row) return;
  row.dataset.runState = run.state;
  row.querySelector(".run-state").textContent = words.runs[run.state] ?? run.state;
  row.querySelector(".run-time").textContent = clock(run.depart_at);
  show(`aboard:${run.run}`, riders(run));
  show(`seats:${run.run}`, run.listed);
  fill(run.run, riders(run), run.listed || run.seats);
  showBoarded(run.transfer);
}

function showBoarded(transfer) {
  const runs = [...state.runs.values()].filter((run) => run.transfer === transfer && run.state !== "cancelled");
  show(`boarded:${transfer}`, runs.reduce((sum, run) => sum + riders(run), 0));
  show(`listed:${transfer}`, runs.reduce((sum, run) => sum + run.listed, 0));
}

function lines(list, entries, make) {
  const template = document.getElementById("alert-line");
  list.replaceChildren(
    ...entries.map((entry) => {
      const line = template.content.firstElementChild.cloneNode(true);
      const { level, text, at } = make(entry);
      line.dataset.level = level;
      line.querySelector(".text").textContent = text;
      if (at) line.querySelector("time").textContent = clock(at);
      return line;
    }),
  );
}

const order = { urgent: 0, warn: 1, info: 2 };

function showAlerts() {
  const alerts = [...state.alerts.values()].sort((a, b) => order[a.level] - order[b.level] || b.since.localeCompare(a.since));
  one("[data-no-alerts]").hidden = alerts.length > 0;
  lines(one("[data-alerts]"), alerts, (alert) => ({ level: alert.level, text: alert.text[config.language], at: alert.since }));
}

function showScanners() {
  const known = [...state.scanners.values()];
  const silent = known.filter((scanner) => !scanner.online);
  const unheard = config.scanners.filter((scanner) => !state.scanners.has(scanner));
  show("online", known.length - silent.length);
  show("silent", silent.length);
  show("silent-too", silent.length);
  show("unheard", unheard.length);
  tiles.get("silent").dataset.level = silent.length ? "note" : "calm";
  lines(one("[data-silent]"), silent, (scanner) => ({
    level: "warn",
    text: scanner.checkpoint ? `${scanner.scanner} · ${scanner.checkpoint}` : scanner.scanner,
    at: scanner.since,
  }));
}

function showStatus() {
  const { live, reason, since } = state.status;
  const badge = one("[data-state]");
  const before = badge.dataset.state;
  badge.dataset.state = live ? "live" : reason === "page" && !state.headcount ? "connecting" : "stale";
  if (badge.dataset.state === before) return;
  const said = live ? words.live : badge.dataset.state === "connecting" ? words.connecting : words.stale;
  one("[data-state-text]").textContent = said;
  const stale = one("[data-stale]");
  stale.hidden = badge.dataset.state !== "stale";
  const at = since ? clock(since, "seconds") : clock(now(), "seconds");
  if (!stale.hidden) one("[data-stale-text]").textContent = fits(words.since[reason] ?? words.since.page, { at });
  one("[data-say]").textContent = stale.hidden ? (before === "stale" ? words.again : "") : one("[data-stale-text]").textContent;
  document.body.classList.toggle("is-stale", !stale.hidden);
}

/** What of the programme is ahead, on now, or over. */
function showPhases(at) {
  for (const part of all("[data-start]")) {
    const phase = at < Number(part.dataset.start) ? "ahead" : at < Number(part.dataset.end) ? "now" : "past";
    if (part.dataset.phase !== phase) part.dataset.phase = phase;
  }
}

/** The programme may have been loaded again: then the page has other places than this one. */
function reloadWhenChanged(count) {
  const strange = count.places.some((place) => !config.places.includes(place.place));
  if (!strange || sessionStorage.getItem("board-reloaded") === count.at.slice(0, 16)) return;
  sessionStorage.setItem("board-reloaded", count.at.slice(0, 16));
  location.reload();
}

// -- what the stream says ---------------------------------------------------------------------------

const take = {
  snapshot(all) {
    setClock(all.now);
    state.headcount = all.headcount ?? state.headcount;
    const gone = [...state.runs.values()].filter((known) => !all.runs.some((run) => run.run === known.run));
    state.runs = new Map(all.runs.map((run) => [run.run, run]));
    state.alerts = new Map(all.alerts.map((alert) => [alert.alert, alert]));
    state.scanners = new Map(all.scanners.map((scanner) => [scanner.scanner, scanner]));
    state.status = all.status;
    showHeadcount();
    [...gone.map(untold), ...all.runs].forEach(showRun);
    showAlerts();
    showScanners();
    showStatus();
  },
  headcount(count) {
    state.headcount = count;
    showHeadcount();
  },
  run(run) {
    const known = state.runs.get(run.run);
    if (run.over) state.runs.delete(run.run);
    else state.runs.set(run.run, run);
    if (known || !run.over) showRun(run.over ? untold(known) : run);
  },
  alert(alert) {
    const isNew = !alert.over && !state.alerts.has(alert.alert);
    if (alert.over) state.alerts.delete(alert.alert);
    else state.alerts.set(alert.alert, alert);
    showAlerts();
    if (isNew && alert.level === "urgent") one("[data-say]").textContent = alert.text[config.language];
  },
  scanner(scanner) {
    if (scanner.over) state.scanners.delete(scanner.scanner);
    else state.scanners.set(scanner.scanner, scanner);
    showScanners();
  },
  status(status) {
    state.status = status;
    showStatus();
  },
  beat(beat) {
    setClock(beat.at);
  },
};

let source;
let heard = performance.now();
let wait = 1000;

function connect() {
  source?.close();
  source = new EventSource(config.stream);
  heard = performance.now();
  for (const [name, handle] of Object.entries(take)) {
    source.addEventListener(name, (event) => {
      heard = performance.now();
      wait = 1000;
      handle(JSON.parse(event.data));
    });
  }
  source.addEventListener("error", () => {
    lost();
    if (source.readyState === EventSource.CLOSED) retry(); // refused: it does not try again by itself
  });
}

function lost() {
  if (!state.status.live && state.status.reason === "page") return;
  state.status = { live: false, reason: "page", since: new Date(now()).toISOString() };
  showStatus();
}

async function retry() {
  source.close();
  const answer = await fetch("/api/v1/openapi.json", { method: "HEAD" }).catch(() => null);
  if (answer?.status === 401) {
    location.assign("/sign-in");
    return;
  }
  setTimeout(connect, wait * (0.75 + Math.random() / 2)); // not all boards at the same moment
  wait = Math.min(wait * 2, 15_000);
}

setInterval(() => {
  const text = clock(now());
  const shown = one("[data-clock]");
  if (shown.textContent !== text) shown.textContent = text;
  showPhases(now());
  if (performance.now() - heard > LATE_MS) {
    lost();
    connect();
  }
}, 500);

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) connect();
});
connect();

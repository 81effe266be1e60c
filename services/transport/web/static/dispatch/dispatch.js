// The dispatcher's page: keeps the day, draws the time line and the side panel, and asks the API for every change.

import { why } from "../desk/ask.js";
import { makeClock } from "../desk/clock.js";
import { all, fits, h, one, put, redraw, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { asking, follow } from "../desk/live.js";
import { makeChanges } from "./changes.js";
import { chosenBar, makeChosen } from "./chosen.js";
import { handle } from "./drag.js";
import { breakdownView, planView, whatIfView } from "./forms.js";
import { current, isOpen, readDay } from "./model.js";
import { attention } from "./panel.js";
import { historyView } from "./history.js";
import { legsView } from "./legs.js";
import { runView } from "./people.js";
import { proposalView } from "./proposal.js";
import { request, targetView } from "./target.js";
import { timeline } from "./timeline.js";

const config = JSON.parse(document.getElementById("page-config").textContent);
const { words } = config;
const clock = makeClock(config);
const views = {
  attention,
  run: runView,
  target: targetView,
  proposal: proposalView,
  plan: planView,
  "what-if": whatIfView,
  breakdown: breakdownView,
  history: historyView,
};
const side = one("[data-side]");
const state = {
  view: "attention",
  run: null,
  zoom: current(config.transfers, clock.now())?.id ?? "day",
  chosenZoom: false,
  lists: new Map(),
  by: "organisation",
  query: "",
  open: new Set(),
  form: {},
  plans: {},
  move: null,
  asked: null,
  proposal: null,
  history: null,
  working: false,
  busy: false,
  stale: false,
  allMoves: false,
  notice: null,
  failed: null,
};
let answer = null;

const page = {
  config,
  words,
  clock,
  state,
  alerts: new Map(),
  chosen: makeChosen(),
  day: readDay(config, null, clock.now()),
  say: (text) => (typeof text === "string" ? text : (text?.[config.language] ?? "")),
  runPage: (run) => `${config.api.replace("/api/v1", "")}/run/${encodeURIComponent(run)}`,
  online: () => navigator.onLine && state.failed === null,
  loaded: () => answer !== null,
  notice: () =>
    state.notice ??
    (state.failed && answer === null ? h("p.note.stop", { role: "alert" }, fits(words.failed, { why: state.failed })) : null),
  set(change) {
    Object.assign(state, change);
    drawSide();
  },
  choose(change) {
    change();
    drawSide();
  },
  fold(name) {
    state.open.has(name) ? state.open.delete(name) : state.open.add(name);
    drawSide();
  },
  go,
  move,
  effect,
  handle: (what) =>
    handle({
      label: words.drag,
      move: what,
      children: icon("grip"),
      targets: () => all(".line-body [data-run]"),
      over: effect,
      drop: (run, moved) => page.propose({ move: request(moved, run) }, moved),
    }),
};

const changes = makeChanges({ page, side, drawSide, drawLine, go, refresh: () => refresh.now() });
Object.assign(page, changes);
const line = timeline({
  root: one("[data-line]"),
  config,
  clock,
  onRun: (run) => go(state.view === "run" && state.run === run ? "attention" : "run", { run }),
});

// -- drawing ----------------------------------------------------------------------------------------

function draw() {
  page.day = readDay(config, answer, clock.now());
  drawZoom();
  drawLegs();
  drawLine();
  drawSide();
}

function drawLine() {
  if (!config.runs.length)
    return one("[data-line]").replaceChildren(h("div.nothing", {}, h("h3", {}, words.no_runs), h("p", {}, words.no_runs_why)));
  line.draw(page.day, state.zoom, {
    selected: state.view === "run" || state.view === "breakdown" ? state.run : null,
    preview: state.view === "proposal" && state.proposal?.state === "proposed" ? state.proposal : null,
  });
}

function drawSide() {
  redraw(side, views[state.view](page), chosenBar(page));
  document.body.dataset.view = state.view;
  document.body.classList.toggle("is-loading", answer === null);
}

function drawZoom() {
  const choices = [
    ...config.transfers.map((transfer) => [
      transfer.id,
      transfer.title,
      `${clock.text(transfer.start_ms)}–${clock.text(transfer.end_ms)}`,
    ]),
    ...(config.transfers.length > 1 ? [["day", words.day, ""]] : []),
  ];
  redraw(
    one("[data-zoom]"),
    choices.map(([id, title, when]) =>
      h(
        "button.segment",
        { type: "button", "data-key": `zoom:${id}`, "aria-pressed": String(state.zoom === id), onclick: () => zoom(id) },
        h("span.segment-title", {}, title),
        when ? h("span.soft.when", {}, when) : null,
      ),
    ),
  );
  const link = one("[data-transfer-link]");
  link.hidden = state.zoom === "day" || !config.transfers.length;
  link.href = `${config.api.replace("/api/v1", "")}/transfer/${encodeURIComponent(state.zoom)}`;
}

function zoom(id) {
  Object.assign(state, { zoom: id, chosenZoom: true });
  drawZoom();
  drawLegs();
  drawLine();
}

const drawLegs = () => redraw(one("[data-legs]"), legsView(page, state.zoom));

function drawTools() {
  const may = config.may.seats && config.runs.length;
  redraw(
    one("[data-tools]"),
    may ? [tool("plan", words.plan), tool("what-if", words.what_if)] : null,
    config.may.replace && config.runs.length ? tool("breakdown", words.breakdown, "danger") : null,
    may ? tool("history", words.history, "plain") : null,
  );
}

const tool = (view, label, look) =>
  h(
    look ? `button.button.${look}` : "button.button",
    { type: "button", "data-key": `tool:${view}`, "data-tool": view, onclick: () => go(view) },
    label,
  );

// -- going from view to view ------------------------------------------------------------------------

function go(view, more = {}) {
  const transfer = more.transfer ?? (state.zoom === "day" ? current(config.transfers, clock.now())?.id : state.zoom);
  if (view === "run" && more.run !== state.run) (Object.assign(state, { query: "", open: new Set() }), page.chosen.clear());
  if (view !== "run" && view !== "target") page.chosen.clear();
  if (view === "plan") state.plans = {};
  if (view === "plan") state.form = { transfer, prefer: "fewest" };
  if (view === "what-if") state.form = { transfer, coach: more.coach ?? null };
  if (view === "breakdown") state.form = { run: more.run ?? null, fixed: Boolean(more.run), relief: firstSpare() };
  if (view === "run" || view === "breakdown") state.run = more.run ?? null;
  changes.fresh();
  Object.assign(state, {
    view,
    notice: null,
    stale: false,
    allMoves: false,
    proposal: view === "proposal" ? state.proposal : null,
  });
  if (view === "run") changes.loadList(more.run);
  if (view === "history") changes.loadHistory();
  drawSide();
  drawLine();
  if (view !== "attention" || document.activeElement === document.body) one("[data-title]", side)?.focus({ preventScroll: true });
}

const firstSpare = () => page.day.coaches.find((coach) => coach.spare && !coach.runs.length)?.id ?? "";

function move(what) {
  state.move = what;
  go("target");
}

/** What a move would do to a run, as far as the page can tell; the API has the last word. */
function effect(id, what) {
  const run = page.day.runs.get(id);
  if (!run || id === what.from || (what.transfer && run.transfer !== what.transfer)) return { fit: "no", said: "" };
  if (!isOpen(run)) return { fit: "no", said: words.gone };
  if (what.n === null || run.free === null)
    return { fit: "some", said: run.free === null ? "" : fits(words.free, { n: Math.max(0, run.free) }) };
  const left = run.free - what.n;
  return left >= 0
    ? { fit: "some", said: fits(words.after_drop, { n: left }) }
    : { fit: "short", said: fits(words.short, { n: -left }) };
}

// -- what comes -------------------------------------------------------------------------------------

const live = follow({
  config,
  clock,
  on: {
    snapshot(all) {
      page.alerts = new Map(all.alerts.map((alert) => [alert.alert, alert]));
      refresh.soon();
    },
    run: () => refresh.soon(),
    alert(alert) {
      alert.over ? page.alerts.delete(alert.alert) : page.alerts.set(alert.alert, alert);
      if (!alert.over && alert.level === "urgent") put(one("[data-say]"), page.say(alert.text));
      if (state.view === "attention") drawSide();
    },
  },
});

const refresh = asking({
  url: () => `${config.api}/dispatch`,
  clock,
  words: config.live_words,
  take(next) {
    answer = next;
    state.failed = null;
    if (!state.chosenZoom) state.zoom = current(config.transfers, clock.now())?.id ?? "day";
    draw();
    if (state.view === "run") changes.loadList(state.run);
  },
  trouble(text) {
    if (text === state.failed) return;
    state.failed = text;
    live.trouble(answer === null ? null : text);
    drawSide();
  },
});

setInterval(() => line.tick(), 1000);
for (const event of ["online", "offline"]) addEventListener(event, drawSide);
addEventListener(
  "keydown",
  (event) =>
    event.key === "Escape" && state.view !== "attention" && !document.body.classList.contains("is-dragging") && go("attention"),
);
drawTools();
draw();
refresh.now();

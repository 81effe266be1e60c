// The page of a transfer: asks for its numbers, now or of a moment, and shows them per location, run and name.

import { ask, why } from "../desk/ask.js";
import { makeClock } from "../desk/clock.js";
import { fits, h, one, redraw } from "../desk/dom.js";
import { asking, follow } from "../desk/live.js";
import { makeMoment } from "./moment.js";
import { namesView } from "./names.js";
import { makeNumbers } from "./number.js";
import { sumView } from "./sum.js";
import { placesTable, runsTable } from "./tables.js";

const config = JSON.parse(document.getElementById("page-config").textContent);
const { words } = config;
const clock = makeClock(config);
const number = makeNumbers(words);
const DOORS_MS = 3_000; // doors change the headcount every second: do not ask as often
const base = `${config.api}/transfers/${encodeURIComponent(config.transfer.id)}`;
let view = null;
let later = null; // the same moment as it is known now, beside what was known then
let picked = null;
let open = false;
let failed = null;
let drawn = ""; // what was drawn last

function draw() {
  redraw(
    one("[data-trouble]"),
    failed &&
      h(
        "div.note.stop",
        { role: "alert" },
        fits(words.failed, { why: failed }),
        " ",
        h("button.link", { type: "button", "data-key": "retry", onclick: () => refresh.now() }, words.retry),
      ),
  );
  document.body.classList.toggle("is-loading", view === null);
  if (!view) return waiting();
  const shown = { view, later, config, words, number, clock, states: config.states, past: moment.isPast() };
  redraw(one("[data-sum]"), sumView({ ...shown, open, toggle: () => ((open = !open), draw()) }));
  redraw(one("[data-places]"), placesTable({ ...shown, pick }));
  redraw(one("[data-runs]"), runsTable({ ...shown, runPage }));
  redraw(one("[data-names]"), namesView({ ...shown, picked, unpick: () => pick(null) }));
}

function waiting() {
  const blocks = (many) => Array.from({ length: many }, () => h("div.waiting", { "aria-hidden": "true" }));
  redraw(one("[data-sum]"), h("p.unseen", { role: "status" }, words.loading), blocks(1));
  redraw(one("[data-places]"), blocks(3));
  redraw(one("[data-runs]"), blocks(5));
  redraw(one("[data-names]"), h("h2", {}, words.names), blocks(3));
}

const runPage = (run) =>
  config.may.run && (!config.own.length || config.own.includes(run))
    ? `${config.api.replace("/api/v1", "")}/run/${encodeURIComponent(run)}`
    : null;

function pick(kind, place) {
  picked = kind ? { kind, place } : null;
  draw();
  const title = one("[data-names-title]");
  title?.focus({ preventScroll: true });
  if (kind) title?.scrollIntoView({ block: "nearest" });
}

const query = ({ at, known }) => {
  const asked = new URLSearchParams(Object.entries({ at, known }).filter(([, value]) => value));
  return asked.size ? `${base}?${asked}` : base;
};

const live = follow({
  config,
  clock,
  on: { snapshot: () => refresh.soon(), run: () => refresh.soon(), headcount: () => refresh.soon(DOORS_MS) },
});
const moment = makeMoment({
  root: one("[data-moment]"),
  past: one("[data-note]"),
  config,
  words,
  clock,
  change: () => refresh.now(),
});
const refresh = asking({
  url: () => query(moment.given()),
  clock,
  words: config.live_words,
  async take(next) {
    const { at, known } = moment.given();
    later = known ? await ask(query({ at })).catch(() => null) : null;
    view = next;
    failed = null;
    const now = JSON.stringify([{ ...next, at: null }, later, at, known]);
    if (now === drawn) return; // what is under a finger, or read aloud, stays
    drawn = now;
    draw();
  },
  trouble(text, first, error) {
    if (!text) return live.trouble(null);
    if (view !== null && error.status !== 422) return live.trouble(text);
    failed = why(error, config.live_words);
    drawn = "";
    draw();
  },
});

draw();
moment.draw();
refresh.now();

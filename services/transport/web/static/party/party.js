// A group's own contact: who of their people is in the coach; one tap for everybody. Works on without network.

import { why } from "../desk/ask.js";
import { makeClock, ms } from "../desk/clock.js";
import { fits, h, one, put, redraw, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { asking, follow } from "../desk/live.js";
import { makeKeep } from "./keep.js";
import { makeTaps } from "./taps.js";

const config = JSON.parse(document.getElementById("page-config").textContent);
const { words } = config;
const clock = makeClock(config);
const keep = makeKeep(config.run, config.party);
const IN = new Set(["aboard", "arrived", "found", "unconfirmed"]);
const BOARDING = new Set(["boarding", "last_call", "halted"]);
const OVER = new Set(["closed"]);
let over = false;
let problem = null;
let failed = null;

const taps = makeTaps({
  keep,
  url: config.list,
  changed: draw,
  answered: take,
  refused(error) {
    problem =
      error.status === 401 || error.status === 403 ? words.expired : fits(words.refused, { why: why(error, config.live_words) });
    refresh.soon();
  },
});

// A kept page opens with the clock of the day before yesterday: what this phone's clock was off by is kept, too.
const { offset } = keep.get();
if (offset !== null && Math.abs(Date.now() + offset - config.now_ms) > 60_000)
  clock.set(new Date(Date.now() + offset).toISOString());
const tell = (text) => keep.set({ offset: Date.parse(text) - Date.now() });

// -- what is shown ----------------------------------------------------------------------------------

let drawn = "";

/** Only when something is another than it was: what is under a finger, or read aloud, stays. */
function draw() {
  const { view } = keep.get();
  const now = JSON.stringify([view, taps.fresh(), taps.kept(), navigator.onLine, problem, failed, over]);
  if (now === drawn) return;
  drawn = now;
  document.body.classList.toggle("is-loading", !view);
  notes(view);
  if (over) return empty();
  if (!view) return waiting();
  const rows = view.persons.map((person) => ({ ...person, ...stateOf(person) }));
  put(one("[data-name]"), view.name);
  coach(view);
  count(rows);
  redraw(
    one("[data-people]"),
    rows.map((row) => line(row, view)),
  );
  leader(view);
  thumb(rows, view);
}

/** How somebody is: as the list says, or as was tapped here and is on its way. */
function stateOf(person) {
  if (IN.has(person.state)) return { here: true, mine: false, said: words.states[person.state] };
  if (taps.fresh().some((tap) => tap.persons.includes(person.person)))
    return { here: true, mine: true, said: words.states.waiting };
  if (taps.kept().some((tap) => tap.persons.includes(person.person)))
    return { here: true, mine: true, said: navigator.onLine ? words.states.waiting : words.states.kept };
  return { here: false, mine: false, said: words.states[person.state] ?? "" };
}

function empty() {
  redraw(one("[data-count]"));
  redraw(one("[data-people]"));
  redraw(one("[data-leader]"));
  redraw(one("[data-thumb]"));
}

function waiting() {
  redraw(one("[data-count]"), h("p.unseen", { role: "status" }, words.loading), h("div.waiting.tall", { "aria-hidden": "true" }));
  redraw(
    one("[data-people]"),
    [0, 1, 2, 3].map(() => h("li", { "aria-hidden": "true" }, h("div.waiting"))),
  );
}

function coach(view) {
  const depart = view.depart ?? {};
  const at = ms(depart.real ?? depart.estimated ?? depart.planned ?? null);
  const late = Math.round((at - (ms(depart.planned) ?? at)) / 60_000);
  const left = Boolean(depart.real);
  redraw(
    one("[data-coach]"),
    h("p.where", {}, h("strong.run-name", {}, view.run_name), h("span.kerb", {}, view.kerb)),
    h("p.way", {}, icon("arrow"), " ", config.destination.name),
    h(
      "p.when",
      {},
      h("strong", {}, fits(left ? words.departed : words.departs, { at: clock.text(at) })),
      late >= 2 ? h("span.late", {}, some(words.late, late)) : null,
      h("span.run-state", { "data-state": view.state }, config.states[view.state] ?? view.state),
    ),
  );
  one("[data-coach]").className = `coach place-${config.destination.colour}`;
}

function notes(view) {
  const said = {
    planned: ["", words.before],
    last_call: ["warn", words.last_call],
    departed: ["", words.gone],
    halted: ["stop", words.halted],
    cancelled: ["stop", words.cancelled],
  }[view?.state];
  const kept = taps.kept().length;
  redraw(
    one("[data-notes]"),
    over ? h("p.note", { role: "status" }, words.over) : null,
    failed && !over
      ? h(
          "p.note.stop",
          { role: "alert" },
          fits(words.failed, { why: failed }),
          " ",
          h("button.link", { type: "button", "data-key": "retry", onclick: () => refresh.now() }, words.retry),
        )
      : null,
    problem ? h("p.note.stop", { role: "alert" }, problem) : null,
    said && !over ? h("p.note", { class: `note ${said[0]}`, role: "status" }, said[1]) : null,
    kept && !navigator.onLine ? h("p.note.warn", { role: "status" }, some(words.kept, kept)) : null,
  );
}

function count(rows) {
  const here = rows.filter((row) => row.here).length;
  const all = rows.filter((row) => row.state !== "excused").length;
  const done = here >= all;
  redraw(
    one("[data-count]"),
    h(
      "p.big",
      { "data-done": String(done) },
      h("span.figure.big", {}, String(here), h("span.of", {}, `/${all}`)),
      done ? icon("check") : null,
    ),
    h("p.soft", {}, done ? words.all_aboard : some(words.to_come, all - here)),
    h("div.meter", { "aria-hidden": "true", vars: { "--share": `${all ? (here / all) * 100 : 0}%` } }, h("span")),
  );
}

function line(row, view) {
  const can = BOARDING.has(view.state) && row.state !== "excused";
  const box = h("span.box", { "aria-hidden": "true" }, row.here ? icon("check") : null);
  const text = h("span.text", {}, h("strong", {}, row.name || row.person), row.said ? h("span.small.block", {}, row.said) : null);
  const look = { "data-person": row.person, "data-here": String(row.here), "data-mine": String(row.mine), "data-was": row.state };
  if (!can || (row.here && !row.mine)) return h("li", {}, h("div.person", look, box, text));
  return h(
    "li",
    {},
    h(
      "button.person",
      {
        ...look,
        type: "button",
        "data-key": row.person,
        "aria-pressed": String(row.here),
        onclick: () => (row.here ? taps.drop(row.person) : taps.add([row.person])),
      },
      box,
      text,
    ),
  );
}

function leader(view) {
  if (!BOARDING.has(view.state)) return redraw(one("[data-leader]"));
  redraw(
    one("[data-leader]"),
    h(
      "label.field",
      {},
      h("span", {}, words.leader, " ", h("span.soft.small", {}, words.leader_why)),
      h("input", {
        type: "text",
        maxlength: 200,
        autocomplete: "name",
        value: keep.get().leader,
        "data-key": "leader",
        oninput: (event) => keep.set({ leader: event.target.value }),
      }),
    ),
    h("p.soft.small", {}, words.coordinator),
  );
}

function thumb(rows, view) {
  const left = rows.filter((row) => !row.here && row.state !== "excused" && row.state !== "off");
  const fresh = taps.fresh();
  const undo = fresh.length
    ? h(
        "div.undo",
        { role: "status" },
        h("span", {}, some(words.told, fresh.at(-1).persons.length)),
        h("button.button", { type: "button", "data-key": "undo", onclick: () => taps.undo() }, words.undo),
      )
    : null;
  const everybody = left.length === rows.filter((row) => row.state !== "excused").length;
  const button =
    left.length && BOARDING.has(view.state)
      ? h(
          "button.primary.all",
          { type: "button", "data-key": "all", onclick: () => taps.add(left.map((row) => row.person)) },
          icon("check"),
          everybody ? words.all_here : some(words.all_rest, left.length),
        )
      : null;
  redraw(one("[data-thumb]"), undo, button);
}

// -- what comes -------------------------------------------------------------------------------------

function take(view) {
  failed = null;
  if (OVER.has(view.state)) {
    over = true;
    keep.wipe();
  } else keep.set({ view });
  draw();
}

function snapshot(all) {
  tell(all.now);
  refresh.soon();
}

const mine = (run) => run.run === config.run && refresh.soon();
const live = follow({ config, clock, on: { snapshot, beat: (beat) => tell(beat.at), run: mine } });
const refresh = asking({
  url: () => config.list,
  clock,
  words: config.live_words,
  stay: true,
  take,
  trouble(text, first, error) {
    if (error && (error.status === 401 || error.status === 403)) problem = words.expired;
    else if (text && !keep.get().view) failed = error.status === 0 ? config.live_words.no_answer : why(error, config.live_words);
    else live.trouble(text);
    draw();
  },
});

/** A worker keeps the page, so that it opens without network; without one it works as long as it stays open. */
async function serve() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(config.worker.url, { scope: config.worker.scope });
    (await navigator.serviceWorker.ready).active.postMessage({ page: location.pathname });
  } catch {
    // not in this browser
  }
}

for (const event of ["online", "offline"]) addEventListener(event, draw);
addEventListener("submit", () => keep.wipe()); // signing out: no name stays
setInterval(draw, 1000); // a tap that can be taken back is only so for a moment
serve();
draw();
refresh.now();

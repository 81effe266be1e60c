// Per location what was, is and is missing; and from → to with a row a run.

import { fits, h, some } from "../desk/dom.js";
import { addGrades } from "./number.js";

const ORDER = ["before", "left", "aboard", "arrived"];
const HEED = ["unconfirmed", "left_behind", "missing", "own_travel"];
const LOOK = { missing: "stop", left_behind: "stop", unconfirmed: "unsure", own_travel: "", difference: "stop" };

/** A row a location; on a phone a card. `pick(kind, place)` shows who. */
export function placesTable({ view, later, config, words, number, pick, past }) {
  const heads = [past ? words.here_then : words.here, ...[...ORDER, ...HEED].map((name) => words[name])];
  const then = (place) => later?.locations.find((one) => one.place === place);
  return h(
    "table.places-table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th.about", { scope: "col" }, words.per_location),
        heads.map((head) => h("th.number", { scope: "col" }, head)),
      ),
    ),
    h(
      "tbody",
      {},
      view.locations.map((one) => placeRow(one, then(one.place), { config, words, number, pick, heads })),
    ),
  );
}

function placeRow(one, then, { config, words, number, pick, heads }) {
  const cell = (name, value, label) => h("td.number", { "data-cell": name, "data-label": label }, value);
  const heed = (name) => {
    const count = one[`${name}_count`];
    return number(count, {
      title: `${words[name]}, ${one.name}`,
      later: then?.[`${name}_count`],
      look: LOOK[name],
      key: `${name}:${one.place}`,
      onclick: one[name] ? () => pick(name, one.place) : null,
    });
  };
  return h(
    "tr",
    { class: `place-${config.places[one.place]?.colour ?? 8}`, "data-place": one.place },
    h("th", { scope: "row" }, h("span.place-name", {}, one.name)),
    cell(
      "here",
      number(one.here, { title: `${heads[0]}, ${one.name}`, grades: one.grades, later: then?.here, key: `here:${one.place}` }),
      heads[0],
    ),
    ORDER.map((name) =>
      cell(name, number(one[name], { title: `${words[name]}, ${one.name}`, later: then?.[name] }), words[name]),
    ),
    HEED.map((name) => cell(name, heed(name), words[name])),
  );
}

const COUNTS = ["listed", "aboard", "nameless", "counted", "difference", "arrived", "unconfirmed", "left_behind", "missing"];
const valueOf = (run, name) => run[`${name}_count`] ?? run[name];

/** From → to: a block a leg, a row a run, and what they come to. */
export function runsTable({ view, later, config, words, states, clock, number, runPage }) {
  const then = new Map((later?.legs ?? []).flatMap((leg) => leg.runs).map((run) => [run.run, run]));
  const all = view.legs.flatMap((leg) => leg.runs);
  if (!all.length) return h("p.soft", {}, words.no_runs);
  const heads = [words.run, words.state, words.depart, words.arrive];
  return h(
    "table.runs-table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, head)),
        COUNTS.map((name) => h("th.number", { scope: "col" }, words[name])),
      ),
    ),
    view.legs.map((leg) => legBody(leg, { config, words, states, clock, number, runPage, then })),
    view.legs.length > 1
      ? h(
          "tfoot",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "row", colspan: heads.length }, words.all_runs),
            COUNTS.map((name) => h("td.number", {}, total(all, name))),
          ),
        )
      : null,
  );
}

function total(runs, name) {
  const values = runs.map((run) => valueOf(run, name)).filter((value) => value !== null && value !== undefined);
  if (!values.length) return "–";
  const sum = values.reduce((one, other) => one + other, 0);
  return name === "difference" ? signed(sum) : String(sum);
}

const signed = (value) => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0");

function legBody(leg, shown) {
  const { config, words } = shown;
  const own = leg.own_travel_count ?? 0;
  return h(
    "tbody",
    { class: `place-${config.places[leg.destination]?.colour ?? 8}`, "data-leg": leg.leg },
    h(
      "tr.leg-head",
      {},
      h(
        "th",
        { scope: "rowgroup", colspan: 4 + COUNTS.length },
        h("span.swatch", { "aria-hidden": "true" }),
        config.places[leg.origin]?.name ?? leg.origin,
        h("span", { "aria-hidden": "true" }, " → "),
        h("span.unseen", {}, ` ${words.to} `),
        h("strong", {}, config.places[leg.destination]?.name ?? leg.destination),
        h("span.soft.small", {}, ` · ${fits(words.expected, { n: leg.expected })}`, own ? ` · ${some(words.by_own, own)}` : ""),
      ),
    ),
    leg.runs.map((run) => runRow(run, shown)),
    leg.runs.length > 1
      ? h(
          "tr.leg-sum",
          {},
          h("th", { scope: "row", colspan: 4 }, words.together),
          COUNTS.map((name) => h("td.number", {}, cellOf(sumRun(leg.runs, name), name, leg, shown))),
        )
      : null,
  );
}

const sumRun = (runs, name) => ({
  name: runs.map((run) => run.name).join(", "),
  [name]: total(runs, name) === "–" ? null : runs.reduce((sum, run) => sum + (valueOf(run, name) ?? 0), 0),
  grades: addGrades(runs.map((run) => run.grades)),
});

function cellOf(run, name, leg, { words, number, then }) {
  const value = valueOf(run, name);
  const before = then?.get(run.run);
  const graded = name === "aboard" || (name === "arrived" && value) ? run.grades : null;
  const key = run.run ? `${name}:${run.run}` : null;
  if (name === "difference")
    return value === null || value === undefined
      ? h("span.n", { "data-look": "none" }, "–")
      : h("span.n", { "data-look": value ? "stop" : "" }, signed(value));
  return number(value, {
    title: `${words[name]}, ${run.name}`,
    grades: graded,
    later: before ? valueOf(before, name) : undefined,
    look: LOOK[name] ?? "",
    key,
  });
}

function runRow(run, shown) {
  const { words, states, clock, runPage } = shown;
  const late = Math.round((run.late_ms ?? 0) / 60_000);
  const address = runPage(run.run);
  return h(
    "tr.run-row",
    { "data-run": run.run, "data-state": run.state },
    h(
      "th",
      { scope: "row" },
      address ? h("a.run-name", { href: address }, run.name) : h("span.run-name", {}, run.name),
      run.kerb ? h("span.soft.small", {}, ` ${run.kerb}`) : null,
    ),
    h("td", {}, h("span.run-state", {}, states[run.state] ?? run.state)),
    h("td.time", {}, clock.text(run.depart_at), late >= 2 ? h("span.late.small.block", {}, some(words.late, late)) : null),
    h("td.time", {}, clock.text(run.arrive_at)),
    COUNTS.map((name) => h("td.number", { "data-cell": name }, cellOf(run, name, null, shown))),
  );
}

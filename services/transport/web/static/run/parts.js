// In which parts the list is shown: by name, or each organisation's roll call. Pure.

import { listedAs } from "../../search.js";
import { lookOf } from "./list.js";

/** @typedef {import("./list.js").Part} Part */

const ORDER = { behind: 0, waiting: 1, unsure: 2, aboard: 3, seen: 3, excused: 4 };
const BOARDS = new Set(["planned", "boarding", "last_call", "halted"]);

/** @type {Map<string, string>} what a name is listed as; asked with every tap, and it does not change */
const keys = new Map();
/** @param {string} name */
function keyOf(name) {
  let key = keys.get(name);
  if (key === undefined) keys.set(name, (key = listedAs(name)));
  return key;
}

/** @param {any[]} rows */
const byName = (rows) => [...rows].sort((a, b) => (keyOf(a.name) < keyOf(b.name) ? -1 : 1));

/**
 * @param {any} sheet @param {{t: (key: string) => string}} words @param {"name" | "organisation"} sort
 * @returns {Part[]}
 */
export function partsOf(sheet, words, sort) {
  const rows = byName(sheet.persons ?? []);
  return sort === "name" ? byState(sheet, rows, words) : byParty(sheet, rows, words);
}

/** @param {any} sheet @param {any[]} rows @param {{t: (key: string) => string}} words @returns {Part[]} */
function byState(sheet, rows, words) {
  const of = (/** @type {string[]} */ looks) => rows.filter((row) => looks.includes(lookOf(row)));
  const arrived = sheet.state === "arrived" || sheet.state === "closed";
  return [
    { key: "behind", title: words.t("left_behind"), rows: of(["behind"]) },
    { key: "waiting", title: words.t("to_come"), rows: of(["waiting"]) },
    { key: "unsure", title: words.t("not_seen_there"), rows: of(["unsure"]) },
    { key: "aboard", title: words.t(arrived ? "still_aboard" : "aboard"), rows: of(["aboard"]) },
    { key: "seen", title: words.t("alighted"), rows: of(["seen"]) },
    { key: "excused", title: words.t("excused"), rows: of(["excused"]) },
  ];
}

/** @param {any} sheet @param {any[]} rows @param {{t: (key: string) => string}} words @returns {Part[]} */
function byParty(sheet, rows, words) {
  /** @type {Map<string, any[]>} */
  const own = new Map();
  for (const row of rows) own.set(row.party || "", [...(own.get(row.party || "") ?? []), row]);
  const known = new Map((sheet.parties ?? []).map((/** @type {any} */ party) => [party.party, party]));
  const state = BOARDS.has(sheet.state) ? "boards" : "gone";
  /** @type {Part[]} */
  const parts = [...own].map(([party, people]) => {
    const { name = party ? people[0].organisation : words.t("no_organisation") } = known.get(party) ?? {};
    const counted = people.filter((row) => lookOf(row) !== "excused");
    const aboard = counted.filter((row) => ["aboard", "seen"].includes(lookOf(row))).length;
    const done = aboard === counted.length;
    people.sort((a, b) => ORDER[lookOf(a)] - ORDER[lookOf(b)]);
    return { key: `party:${party}`, title: name, rows: people, open: !done, done, party: { party, aboard, listed: counted.length, state } };
  });
  return parts.sort((a, b) => Number(a.done) - Number(b.done) || a.title.localeCompare(b.title));
}

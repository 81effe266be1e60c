// What follows from the people of a run: its numbers, its parties, the gate, and which steps are allowed. Pure.

import { allowedIn, WAITED_FOR } from "./letters.js";
import { isIn } from "./rows.js";

/** @typedef {import("./apply.js").Sheet} Sheet */

/** How many of the rows hold. @param {any[]} rows @param {(row: any) => boolean} holds */
const tally = (rows, holds) => rows.reduce((sum, row) => sum + (holds(row) ? 1 : 0), 0);
const isWaitedFor = (/** @type {any} */ row) => WAITED_FOR.has(row.letter);

/** Numbers, parties, gate and what is allowed, from the persons and the state. @param {Sheet} sheet @returns {Sheet} */
export function settle(sheet) {
  const rows = sheet.persons;
  const allowed = allowedIn(sheet.state);
  if (!rows) return { ...sheet, allowed, gate: gateOf(sheet, sheet.numbers, []) };
  const numbers = numbersOf(sheet, rows);
  return { ...sheet, allowed, numbers, parties: partiesOf(sheet, rows), gate: gateOf(sheet, numbers, rows.filter(isWaitedFor)) };
}

/** @param {Sheet} sheet @param {any[]} rows */
function numbersOf(sheet, rows) {
  const { counted, nameless: others, difference } = sheet.numbers;
  const named = tally(rows, isIn);
  const arrived = sheet.state === "arrived" || sheet.state === "closed";
  return {
    ...sheet.numbers,
    aboard: named,
    scanned: tally(rows, (row) => isIn(row) && row.how === "scanned" && row.letter !== "l"),
    manual: tally(rows, (row) => isIn(row) && row.how !== "scanned" && row.letter !== "l"),
    provisional: tally(rows, (row) => row.letter === "l"),
    to_come: tally(rows, isWaitedFor),
    excused: tally(rows, (row) => row.state === "excused"),
    left_behind: tally(rows, (row) => row.state === "left-behind"),
    arrived: tally(rows, (row) => row.state === "arrived"),
    unconfirmed: tally(rows, (row) => row.state === "unconfirmed"),
    // who rode along is only known to the service once they got off
    difference: arrived ? difference : counted === null ? null : counted - named - others,
    ...roomOf(sheet, rows),
  };
}

/** Until last call whoever is to come holds a place. @param {Sheet} sheet @param {any[]} rows */
function holding(sheet, rows) {
  const waits = sheet.state === "planned" || sheet.state === "boarding";
  return rows.filter((row) => isIn(row) || (waits && isWaitedFor(row)));
}

/** @param {Sheet} sheet @param {any[]} rows */
function roomOf(sheet, rows) {
  const { seats, wheelchairs, nameless: others } = sheet.numbers;
  const held = holding(sheet, rows);
  const rolling = tally(held, (row) => row.wheelchair);
  const taken = held.length + rolling * ((sheet.wheel_seats ?? 1) - 1) + others;
  return { free: seats === null ? null : Math.max(0, seats - taken), wheelchairs_free: Math.max(0, wheelchairs - rolling) };
}

/** How many seats a wheelchair costs here, from what the service says is free. @param {Sheet} sheet */
export function wheelSeats(sheet) {
  const { seats, free, nameless: others } = sheet.numbers;
  const held = holding(sheet, sheet.persons ?? []);
  const rolling = tally(held, (row) => row.wheelchair);
  if (!rolling || !free || seats === null) return 1;
  return Math.max(1, Math.round((seats - free - others - (held.length - rolling)) / rolling));
}

/** @param {Sheet} sheet @param {any[]} rows */
const partiesOf = (sheet, rows) =>
  (sheet.parties ?? []).map((/** @type {any} */ party) => {
    const here = tally(rows, (row) => row.party === party.party && ["aboard", "arrived"].includes(row.state));
    return { ...party, aboard: Math.min(here, party.listed) };
  });

/** @param {Sheet} sheet @param {any} numbers @param {any[]} waiting */
function gateOf(sheet, numbers, waiting) {
  const to_settle = waiting.map((row) => row.person);
  const { counted, difference, aboard: named, nameless: others } = numbers;
  const open = difference === 0 && to_settle.length === 0;
  return { ...sheet.gate, open, counted, aboard: named, nameless: others, difference, to_settle, likely: likelyOf(sheet, difference, waiting) };
}

/** The server's ranking as far as it still fits; else our own, by what the sheet knows. @param {Sheet} sheet @param {number | null} difference @param {any[]} waiting */
function likelyOf(sheet, difference, waiting) {
  if (!difference) return [];
  /** @type {any[]} */
  const rows = difference > 0 ? waiting : (sheet.persons ?? []).filter((/** @type {any} */ row) => row.state === "aboard");
  const known = (sheet.gate?.likely ?? []).filter((/** @type {any} */ one) => rows.some((row) => row.person === one.person));
  if (known.length && known.every((/** @type {any} */ one) => one.why)) return known;
  const scored = rows.map((row) => ({ person: row.person, ...(difference > 0 ? unread(sheet, row) : unseen(row)) }));
  return scored.filter((one) => one.score > 0).sort((a, b) => b.score - a.score).slice(0, 8);
}

/** @param {Sheet} sheet @param {any} row */
function unread(sheet, row) {
  const mates = row.party ? (sheet.persons ?? []).filter((/** @type {any} */ one) => one.party === row.party && one.state === "aboard").length : 0;
  const [score, code] =
    row.letter === "f" ? [5, "got_off"] : row.last_place?.split(".")[0] === sheet.origin.place ? [3, "last_here"] : row.last_place ? [1, "on_list"] : [0, "not_seen"];
  return { score: score && mates ? Number(score) + 3 : score, code, mates };
}

/** @param {any} row */
const unseen = (row) => /** @type {Record<string, any>} */ ({
  l: { score: 4, code: "carried" }, e: { score: 3, code: "other_seat" }, c: { score: 2, code: "by_hand" }, d: { score: 2, code: "walk_on" },
})[row.letter] ?? { score: 1, code: "was_read" };

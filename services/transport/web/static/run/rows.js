// How far each person of a run is: one letter (docs/runs.md), from what is known of them. Pure.
//
// A row of the service has the letter and not all that is behind it; `facts` is what this page needs of that, guessed from
// the letter until something is known: was in the run, was in it when it departed or arrived, was seen since, is gone.

import { GONE } from "./letters.js";

/**
 * @typedef {import("./apply.js").Sheet} Sheet
 * @typedef {import("./apply.js").Act} Act
 * @typedef {{been: boolean, along: boolean, rode: boolean, seen: boolean, away: boolean, place: string | null, found: string | null}} Facts
 *   `found` is where they were seen first after the arrival
 */

/** @type {Record<string, string>} */
const STATES = {
  a: "listed", b: "aboard", c: "aboard", d: "aboard", e: "aboard", f: "off", g: "excused", h: "left-behind",
  i: "arrived", j: "unconfirmed", k: "found", l: "aboard",
};

/** @param {any} row */
export const isIn = (row) => row.state === "aboard";

/** @param {any} row @param {string} letter @param {object} [more] */
const as = (row, letter, more = {}) => ({ ...row, letter, state: STATES[letter], provisional: letter === "l", ...more });

/** @param {any} row @param {Sheet} sheet @returns {Facts} */
function factsOf(row, sheet) {
  if (row.facts) return row.facts;
  const { letter } = row;
  const arrived = sheet.state === "arrived" || sheet.state === "closed";
  const confirmed = letter === "i" && row.how !== "implied";
  return {
    been: isIn(row) || letter === "f",
    along: GONE.has(sheet.state) && (isIn(row) || letter === "i" || letter === "j"),
    rode: arrived && (letter === "i" || letter === "j"),
    seen: letter === "k",
    away: letter === "g" && !row.excuse,
    place: letter === "i" ? sheet.destination.place : row.last_place,
    found: confirmed ? sheet.destination.place : null,
  };
}

/** The letter of somebody who is not in the run now. @param {any} row @param {Facts} facts @param {Sheet} sheet */
function letterOf(row, facts, sheet) {
  const { place: destination } = sheet.destination;
  if (facts.rode) return facts.found === null || facts.found === destination ? "i" : "k";
  if (row.excuse || facts.away) return "g";
  if (!GONE.has(sheet.state)) return facts.been ? "f" : "a";
  if (facts.along) return facts.place === destination ? "i" : "k";
  return facts.seen ? "k" : "h";
}

/** Whoever is in the run keeps the letter of how they came. @param {any} row @param {Facts} facts @param {Sheet} sheet @param {object} [more] */
export function lettered(row, facts, sheet, more = {}) {
  const now = { ...row, ...more, facts };
  return isIn(now) ? now : as(now, letterOf(now, facts, sheet), more);
}

/** Gets in. @param {any} row @param {Act} act @param {Sheet} sheet */
export function board(row, act, sheet) {
  const letter = row.told === sheet.run ? (act.badge ? "b" : "c") : row.told ? "e" : "d";
  const facts = { ...factsOf(row, sheet), been: true, away: false };
  const more = { facts, excuse: null, at: act.at, how: act.badge ? "scanned" : "manual", act: act.badge ? null : act.id, unsent: true };
  return as(row, letter, { ...more, out: isIn(row) ? row.out : row });
}

/**
 * Is somewhere else than in the run; null is beside the road.
 * @param {any} row @param {{place: string, name: string} | null} at @param {Act} act @param {Sheet} sheet
 */
export function moved(row, at, act, sheet) {
  const before = factsOf(row, sheet);
  const arrived = sheet.state === "arrived" || sheet.state === "closed";
  const place = at?.place ?? null;
  const facts = {
    ...before,
    been: before.been || isIn(row),
    away: place === "away",
    seen: before.seen || (GONE.has(sheet.state) && place !== null),
    found: arrived && before.rode ? (before.found ?? place) : before.found,
    place,
  };
  const seen = at && place !== "away" ? { last_place: place, last_place_name: at.name, last_at: act.at } : {};
  const out = as(row, "f"); // not in it: which letter that is follows from the facts
  return lettered(out, facts, sheet, { ...seen, at: act.at, how: "manual", act: act.id, unsent: true });
}

/** Who is in the coach stays in it, whatever excuse there is. @param {any} row @param {Act} act @param {Sheet} sheet */
export function excused(row, act, sheet) {
  const excuse = { why: act.why, to: act.to ?? null, by: act.by ?? "", at: act.at, act: act.id };
  return lettered(row, factsOf(row, sheet), sheet, { excuse, unsent: true });
}

/** What a step of the run means for a person; `sheet` is the run after it. @param {any} row @param {string} step @param {Sheet} before @param {Sheet} sheet @param {string} at */
export function stepped(row, step, before, sheet, at) {
  const facts = factsOf(row, before);
  if (step === "depart") return lettered(row, { ...facts, along: isIn(row) }, sheet);
  if (step === "reopen") return lettered(row, { ...facts, along: false, seen: false }, sheet);
  if (step === "arrive") {
    if (!isIn(row)) return lettered(row, facts, sheet);
    return lettered(as(row, "i"), { ...facts, rode: true, found: null }, sheet, { how: "implied", at });
  }
  return isIn(row) ? as(row, "l", { facts }) : lettered(row, { ...facts, along: false }, sheet); // a relief coach
}

/** Somebody who was not on the sheet. @param {Act} act */
export const stranger = ({ person, name = "", organisation = "" }) => ({
  person, name, organisation,
  row: null, party: "", phone: "", needs: "", wheelchair: false, together: "", told: null, elsewhere: false, state: "listed",
  letter: "a", last_place: null, last_place_name: null, last_at: null, digests: [], excuse: null,
});

/** Counted again in the relief coach. @param {any} row @param {Sheet} sheet */
export const recounted = (row, sheet) => as(row, row.told === sheet.run ? (row.how === "scanned" ? "b" : "c") : row.told ? "e" : "d");

/** How somebody most likely was before the act that put them where they are; null: not on the list. @param {any} row @param {Sheet} sheet */
export function unacted(row, sheet) {
  if (row.letter === "d") return null;
  if (row.letter === "f") return as(row, row.told === sheet.run ? "c" : "e", { act: null });
  const facts = { ...factsOf(row, sheet), been: false, away: false, found: null, seen: false };
  return lettered(as(row, "f"), facts, sheet, { act: null, excuse: null, how: facts.rode ? "implied" : null });
}

/** Not in the run any more, and not excused. @param {any} row @param {Sheet} sheet */
export const unexcused = (row, sheet) => lettered({ ...row, excuse: null, unsent: true }, factsOf(row, sheet), sheet);

// What an act does to the sheet, by the rules of docs/runs.md. Pure: no clock, no network, nothing is changed in place.
// The page shows this at once; the server's own sheet replaces it as soon as there is one.

import { allowedIn, REOPEN_MS } from "./letters.js";
import { board, excused, isIn, moved, recounted, stepped, stranger, unacted, unexcused } from "./rows.js";
import { settle } from "./sums.js";

/**
 * @typedef {Record<string, any>} Sheet as `GET runs/{run}/sheet` gives it
 * @typedef {Record<string, any>} Act as `POST acts` takes it; `name` and `organisation` of somebody the sheet does not have
 * @typedef {{sheet: Sheet, back: Back | null}} Applied `back` is what an undo needs; null when the act had no effect
 * @typedef {{rows: Record<string, any>, gone: string[], nameless: number, settled?: string | null}} Back
 */

/**
 * The sheet after an act, and how to take it back. An act that has no effect gives the same sheet.
 *
 * @param {Sheet} sheet @param {Act} act @param {Map<string, Back>} [backs] of earlier acts, by id
 * @returns {Applied}
 */
export function apply(sheet, act, backs = new Map()) {
  const handle = HANDLERS[act.kind];
  const changed = handle ? handle(sheet, act, backs) : null;
  if (!changed) return { sheet, back: null };
  const next = settle(changed);
  return { sheet: { ...next, acts: logged(next, act) }, back: backOf(sheet, next) };
}

/**
 * Several, in order. An act that a later one of them takes back is left out, with all that it did.
 * @param {Sheet} sheet @param {Act[]} acts @param {Map<string, Back>} backs filled
 */
export function applyAll(sheet, acts, backs) {
  const own = new Map(acts.map((act) => [act.id, act]));
  const gone = new Set(acts.filter((act) => act.kind === "undo").map((act) => act.undoes));
  let now = sheet;
  for (const act of acts) {
    if (gone.has(act.id)) {
      now = { ...now, acts: logged(now, act).map((line) => (line.id === act.id ? { ...line, undone: true } : line)) };
      continue;
    }
    const target = own.get(act.undoes);
    const done = target ? { sheet: takenBack(now, target), back: null } : apply(now, act, backs);
    if (done.back) backs.set(act.id, done.back);
    now = done.sheet;
  }
  return now;
}

/** The same person put in twice gets out with one undo, as at the service. @param {Sheet} sheet @param {Act} target */
function takenBack(sheet, target) {
  if (target.kind !== "aboard" || !sheet.persons) return sheet;
  // the first time they were put in still ended whatever excuse there was
  const changed = withRow(sheet, target.person, (row) => (isIn(row) && row.out ? unexcused(row.out, sheet) : row));
  return changed ? settle(changed) : sheet;
}

// -- persons ---------------------------------------------------------------------------------------

/** @param {Sheet} sheet @param {string} person @param {(row: any) => any} change */
function withRow(sheet, person, change) {
  let found = false;
  const persons = (sheet.persons ?? []).map((/** @type {any} */ row) => {
    if (row.person !== person) return row;
    found = true;
    return change(row);
  });
  return found ? { ...sheet, persons } : null;
}

/** The row of a badge, by its digest. @param {Sheet} sheet @param {string} digest */
export const rowOfBadge = (sheet, digest) => (sheet.persons ?? []).find((/** @type {any} */ row) => row.digests?.includes(digest));

/** @param {Sheet} sheet @param {(row: any) => boolean} leaves */
const without = (sheet, leaves) => ({ ...sheet, persons: sheet.persons.filter((/** @type {any} */ row) => !leaves(row)) });

/** @param {Sheet} sheet @param {Act} act */
function aboard(sheet, act) {
  const known = act.badge ? rowOfBadge(sheet, act.digest) : sheet.persons?.find((/** @type {any} */ row) => row.person === act.person);
  // said to be in another coach: whoever was boarded twice leaves this list
  if (act.elsewhere) return known && without(sheet, (row) => row.person === act.person);
  if (known) return withRow(sheet, known.person, (row) => board(row, act, sheet));
  if (!act.person || !sheet.persons) return null;
  return { ...sheet, persons: [...sheet.persons, board(stranger(act), act, sheet)] };
}

/** @param {Sheet} sheet @param {Act} act */
function off(sheet, act) {
  const there = ["departed", "arrived", "closed"].includes(sheet.state);
  const place = there ? sheet.destination : sheet.state === "halted" ? null : sheet.origin;
  const changed = withRow(sheet, act.person, (row) => moved(row, place, act, sheet));
  // somebody without a seat here who gets off again is on another list, or on none
  const leaves = (/** @type {any} */ row) => row.person === act.person && row.letter === "f" && row.told !== sheet.run;
  return changed && !there ? without(changed, leaves) : changed;
}

/** @param {Sheet} sheet @param {Act} act */
function here(sheet, act) {
  const name = [sheet.origin, sheet.destination].find(({ place }) => place === act.place)?.name ?? act.place;
  return withRow(sheet, act.person, (row) => moved(row, { place: act.place, name }, act, sheet));
}

/** @param {Sheet} sheet @param {Act} act */
const away = (sheet, act) => withRow(sheet, act.person, (row) => moved(row, { place: "away", name: "" }, act, sheet));

/** @param {Sheet} sheet @param {Act} act */
const excuse = (sheet, act) => withRow(sheet, act.person, (row) => excused(row, act, sheet));

/** @param {Sheet} sheet @param {Act} act */
const vouch = (sheet, act) =>
  act.persons.reduce(
    (/** @type {Sheet | null} */ now, /** @type {string} */ person) =>
      // taking back one of them is not taking back the word for all: no `act`
      withRow(now ?? sheet, person, (row) => (isIn(row) ? row : { ...board(row, act, sheet), act: null })) ?? now,
    null,
  );

/** @param {Sheet} sheet @param {Act} act */
function alight(sheet, act) {
  if (!sheet.persons) return null;
  const rides = (/** @type {any} */ row) => isIn(row) || ("ij".includes(row.letter) && row.how === "implied") || row.letter === "j";
  const persons = sheet.persons.map((/** @type {any} */ row) => (rides(row) ? { ...moved(row, sheet.destination, act, sheet), act: null } : row));
  return { ...sheet, persons };
}

// -- the run ---------------------------------------------------------------------------------------

/** @param {Sheet} sheet @param {number} counted */
function count(sheet, counted) {
  // whoever was carried to the relief coach has been counted again with this
  const persons = sheet.persons?.map((/** @type {any} */ row) => (row.letter === "l" ? recounted(row, sheet) : row));
  return { ...sheet, persons: persons ?? null, numbers: { ...sheet.numbers, counted, settled: null } };
}

/** @param {Sheet} sheet @param {Act} act */
function nameless(sheet, act) {
  const sum = (sheet.nameless ?? sheet.numbers.nameless) + act.change; // below zero it is shown as none
  return { ...sheet, nameless: sum, numbers: { ...sheet.numbers, nameless: Math.max(0, sum) } };
}

/** @param {Sheet} sheet @param {Act} act */
function estimate(sheet, act) {
  const times = { ...sheet.times };
  if (act.depart_at) times.depart = { ...times.depart, estimated: act.depart_at };
  if (act.arrive_at) times.arrive = { ...times.arrive, estimated: act.arrive_at };
  const late_ms = Math.max(0, Date.parse(times.depart.estimated) - Date.parse(times.depart.planned));
  return { ...sheet, times: { ...times, late_ms } };
}

/** @param {Sheet} sheet @param {Act} act */
function step(sheet, act) {
  if (!allowedIn(sheet.state).some((one) => one.step === act.step)) return null;
  if (act.step === "reopen" && sheet.state === "departed") {
    const gone = Date.parse(act.at) - Date.parse(sheet.times.depart.real ?? act.at);
    if (gone > REOPEN_MS || !act.reason?.trim()) return null;
  }
  const counted = act.counted === undefined || act.counted === null ? sheet : count(sheet, act.counted);
  return STEPS[act.step](counted, act);
}

/** @param {Sheet} sheet @param {string} name @param {string | null} real */
const timed = (sheet, name, real) => ({ ...sheet.times, [name]: { ...sheet.times[name], real } });

/** @type {Record<string, (sheet: Sheet, act: Act) => Sheet | null>} */
const STEPS = {
  open: (sheet, act) => ({ ...sheet, state: "boarding", times: timed(sheet, "open", act.at) }),
  "last-call": (sheet) => ({ ...sheet, state: "last_call" }),
  depart: (sheet, act) => forEach(sheet, act, { ...sheet, state: "departed", times: timed(sheet, "depart", act.at) }),
  arrive: (sheet, act) => forEach(sheet, act, { ...sheet, state: "arrived", times: timed(sheet, "arrive", act.at) }),
  close: (sheet, act) => (act.empty ? { ...sheet, state: "closed" } : null),
  cancel: (sheet) => ({ ...sheet, state: "cancelled" }),
  reopen: (sheet, act) => forEach(sheet, act, { ...sheet, state: "boarding", times: timed(sheet, "depart", null) }),
  halt: (sheet) => ({ ...sheet, state: "halted", before: sheet.state }),
  resume: (sheet) => ({ ...sheet, state: sheet.before ?? (sheet.times.depart.real ? "departed" : "boarding") }),
  replace(sheet, act) {
    const coach = typeof act.coach === "string" ? sheet.coaches?.find((/** @type {any} */ one) => one.coach === act.coach) : act.coach;
    if (!coach) return null;
    return forEach(sheet, act, {
      ...sheet,
      state: sheet.state === "planned" ? "planned" : "boarding",
      coach: { ...sheet.coach, plate: "", phone: "", operator: "", ...coach, replaced: true },
      times: timed(sheet, "depart", null),
      numbers: { ...sheet.numbers, seats: coach.seats ?? sheet.numbers.seats, wheelchairs: coach.wheelchairs ?? 0, counted: null },
    });
  },
};

/** What the step means for each person. @param {Sheet} before @param {Act} act @param {Sheet} sheet */
const forEach = (before, act, sheet) => ({
  ...sheet,
  persons: before.persons?.map((/** @type {any} */ row) => stepped(row, act.step, before, sheet, act.at)) ?? null,
});

// -- undo ------------------------------------------------------------------------------------------

/** What an undo needs: the rows as they were, who was not there, the number of the nameless. @param {Sheet} was @param {Sheet} is @returns {Back} */
function backOf(was, is) {
  const before = new Map((was.persons ?? []).map((/** @type {any} */ row) => [row.person, row]));
  /** @type {Back} */
  const back = { rows: {}, gone: [], nameless: is.numbers.nameless - was.numbers.nameless };
  const after = new Map((is.persons ?? []).map((/** @type {any} */ row) => [row.person, row]));
  for (const [person, row] of after) {
    if (!before.has(person)) back.gone.push(person);
    else if (before.get(person) !== row) back.rows[person] = before.get(person);
  }
  for (const [person, row] of before) if (!after.has(person)) back.rows[person] = row;
  return back;
}

/** @param {Sheet} sheet @param {Act} act @param {Map<string, Back>} backs */
function undo(sheet, act, backs) {
  const back = backs.get(act.undoes) ?? guess(sheet, act.undoes);
  if (!back) return null;
  const rows = new Map(Object.entries(back.rows));
  const kept = (sheet.persons ?? [])
    .filter((/** @type {any} */ row) => !back.gone.includes(row.person))
    .map((/** @type {any} */ row) => {
      const before = rows.get(row.person);
      rows.delete(row.person);
      return before ? { ...before, unsent: true } : row;
    });
  const numbers = { ...sheet.numbers, nameless: Math.max(0, sheet.numbers.nameless - back.nameless) };
  const acts = (sheet.acts ?? []).map((/** @type {any} */ one) => (one.id === act.undoes ? { ...one, undone: true } : one));
  return { ...sheet, persons: sheet.persons && [...kept, ...rows.values()], numbers, acts };
}

/** Of an act that another phone or an earlier page did: what stood there before is not known, what it said is. @param {Sheet} sheet @param {string} id @returns {Back | null} */
function guess(sheet, id) {
  const own = (sheet.persons ?? []).filter((/** @type {any} */ row) => row.act === id);
  const said = (sheet.acts ?? []).find((/** @type {any} */ one) => one.id === id);
  if (!own.length && !said) return null;
  /** @type {Back} */
  const back = { rows: {}, gone: [], nameless: said?.kind === "nameless" ? (said.change ?? 0) : 0 };
  for (const row of own) {
    const before = unacted(row, sheet);
    if (before) back.rows[row.person] = before;
    else back.gone.push(row.person);
  }
  return back;
}

/** @type {Record<string, (sheet: Sheet, act: Act, backs: Map<string, Back>) => Sheet | null>} */
const HANDLERS = {
  aboard, off, here, excuse, away, vouch, alight, nameless, estimate, step, undo,
  count: (sheet, act) => count(sheet, act.counted),
  settle: (sheet, act) => ({ ...sheet, numbers: { ...sheet.numbers, settled: act.reason } }),
};

/** @param {Sheet} sheet @param {Act} act */
function logged(sheet, act) {
  const line = { id: act.id, kind: act.step ?? act.kind, person: act.person ?? null, at: act.at, by: act.by ?? "", undone: false, unsent: true };
  const more = { change: act.change, counted: act.counted, persons: act.persons, why: act.why, to: act.to };
  return [{ ...line, ...more }, ...(sheet.acts ?? [])].slice(0, 30);
}


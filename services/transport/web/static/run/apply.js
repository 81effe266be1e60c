// What an act does to the sheet, by the rules of docs/runs.md. Pure: no clock, no network, nothing is changed in place.
// The page shows this at once; the server's own sheet replaces it as soon as there is one.

import { allowedIn, GONE, REOPEN_MS, WAITED_FOR } from "./letters.js";

/**
 * @typedef {Record<string, any>} Sheet as `GET runs/{run}/sheet` gives it
 * @typedef {Record<string, any>} Act as `POST acts` takes it; `name` and `organisation` of somebody the sheet does not have
 * @typedef {{sheet: Sheet, back: Back | null}} Applied `back` is what an undo needs; null when the act had no effect
 * @typedef {{rows: Record<string, any>, gone: string[], nameless: number, settled?: string | null}} Back
 */

const STATES = { a: "listed", b: "aboard", c: "aboard", d: "aboard", e: "aboard", f: "off", g: "excused" };
Object.assign(STATES, { h: "left-behind", i: "arrived", j: "unconfirmed", k: "found", l: "aboard" });

/** @param {any} row @param {string} letter @param {object} [more] */
const as = (row, letter, more = {}) => ({ ...row, letter, state: STATES[/** @type {"a"} */ (letter)], provisional: letter === "l", ...more });

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
  const changed = withRow(sheet, target.person, (row) => (isIn(row) && row.out ? { ...row.out, unsent: true } : row));
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

/** What is behind the letter of somebody who did not leave yet: in the run, was in it, gone for good, excused. @param {any} row */
const isIn = (row) => row.state === "aboard";
/** @param {any} row */
const wasIn = (row) => row.been ?? (isIn(row) || row.letter === "f");
/** @param {any} row */
const isAway = (row) => row.away ?? (row.state === "excused" && !row.excuse);

/** Somebody who is not in the run: excused, got off, or to come. @param {any} row */
const outside = (row) => as(row, row.excuse || row.away ? "g" : row.been ? "f" : "a", { how: null });

/** @param {any} row @param {Act} act @param {Sheet} sheet */
function board(row, act, sheet) {
  const by = act.badge ? "scanned" : "manual";
  const own = row.told === sheet.run ? (act.badge ? "b" : "c") : row.told ? "e" : "d";
  const facts = { been: true, away: false, out: isIn(row) ? row.out : row };
  return as(row, own, { ...facts, how: by, at: act.at, excuse: null, act: act.badge ? null : act.id, unsent: true });
}

/** @param {Sheet} sheet @param {Act} act */
function aboard(sheet, act) {
  const known = act.badge ? rowOfBadge(sheet, act.digest) : sheet.persons?.find((/** @type {any} */ row) => row.person === act.person);
  // said to be in another coach: whoever was boarded twice leaves this list
  if (act.elsewhere) return known && without(sheet, (row) => row.person === act.person);
  if (known) return withRow(sheet, known.person, (row) => board(row, act, sheet));
  if (!act.person || !sheet.persons) return null;
  const row = board({ ...STRANGER, person: act.person, name: act.name ?? "", organisation: act.organisation ?? "" }, act, sheet);
  return { ...sheet, persons: [...sheet.persons, row] };
}

const STRANGER = {
  row: null, party: "", phone: "", needs: "", wheelchair: false, together: "", told: null, elsewhere: false,
  last_place: null, last_place_name: null, last_at: null, digests: [],
};

/** @param {Sheet} sheet @param {Act} act */
function off(sheet, act) {
  const there = ["departed", "arrived", "closed"].includes(sheet.state);
  const place = there ? sheet.destination : sheet.state === "halted" ? null : sheet.origin;
  const seen = place ? { last_place: place.place, last_place_name: place.name, last_at: act.at } : {};
  const changed = withRow(sheet, act.person, (row) => {
    const now = { ...row, ...seen, been: wasIn(row), away: false, at: act.at, act: act.id, unsent: true };
    if (!there) return { ...outside(now), how: "manual" };
    return as(now, row.letter === "h" || row.letter === "j" ? "k" : "i", { how: "manual" });
  });
  // somebody without a seat here who gets off again is on another list, or on none
  return changed && !there ? without(changed, (row) => row.person === act.person && row.letter === "f" && row.told !== sheet.run) : changed;
}

/** @param {Sheet} sheet @param {(row: any) => boolean} leaves */
const without = (sheet, leaves) => ({ ...sheet, persons: sheet.persons.filter((/** @type {any} */ row) => !leaves(row)) });

/** @param {Sheet} sheet @param {Act} act */
function here(sheet, act) {
  const name = [sheet.origin, sheet.destination].find(({ place }) => place === act.place)?.name ?? act.place;
  const seen = { last_place: act.place, last_place_name: name, last_at: act.at, act: act.id, unsent: true };
  return withRow(sheet, act.person, (row) => {
    if (row.letter === "h" || row.letter === "j") return as(row, "k", { ...seen, how: "manual" });
    if (row.letter === "i" || row.letter === "k") return { ...row, ...seen, how: "manual" };
    return outside({ ...row, ...seen, been: wasIn(row), away: false });
  });
}

/** Who is in the coach stays in it, whatever excuse there is. @param {Sheet} sheet @param {Act} act */
function excuse(sheet, act) {
  const said = { why: act.why, to: act.to ?? null, by: act.by ?? "", at: act.at, act: act.id };
  return withRow(sheet, act.person, (row) => {
    const now = { ...row, excuse: said, been: wasIn(row), away: isAway(row), unsent: true };
    return isIn(row) ? now : as(now, "g", { how: null });
  });
}

/** Gone for good, wherever they were. @param {Sheet} sheet @param {Act} act */
const away = (sheet, act) =>
  withRow(sheet, act.person, (row) => as(row, "g", { how: null, been: wasIn(row), away: true, act: act.id, unsent: true }));

/** @param {Sheet} sheet @param {Act} act */
const vouch = (sheet, act) =>
  act.persons.reduce(
    (/** @type {Sheet | null} */ now, /** @type {string} */ person) =>
      // taking back one of them is not taking back the word for all: no `act`
    withRow(now ?? sheet, person, (row) => (row.state === "aboard" ? row : { ...board(row, act, sheet), act: null })) ?? now,
    null,
  );

/** @param {Sheet} sheet @param {Act} act */
function alight(sheet, act) {
  if (sheet.state !== "arrived" || !sheet.persons) return null;
  const persons = sheet.persons.map((/** @type {any} */ row) =>
    (row.letter === "i" && row.how === "implied") || row.letter === "j" ? as(row, "i", { how: "manual", at: act.at, unsent: true }) : row,
  );
  return { ...sheet, persons };
}

// -- the run ---------------------------------------------------------------------------------------

/** @param {Sheet} sheet @param {number} counted */
function count(sheet, counted) {
  // whoever was carried to the relief coach has been counted again with this
  const persons = sheet.persons?.map((/** @type {any} */ row) => (row.letter === "l" ? as(row, row.told === sheet.run ? "c" : row.told ? "e" : "d") : row));
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
/** @param {Sheet} sheet @param {(row: any) => any} change */
const each = (sheet, change) => sheet.persons?.map(change) ?? null;

/** @type {Record<string, (sheet: Sheet, act: Act) => Sheet | null>} */
const STEPS = {
  open: (sheet, act) => ({ ...sheet, state: "boarding", times: timed(sheet, "open", act.at) }),
  "last-call": (sheet) => ({ ...sheet, state: "last_call" }),
  depart: (sheet, act) => ({
    ...sheet,
    state: "departed",
    times: timed(sheet, "depart", act.at),
    persons: each(sheet, (row) => (WAITED_FOR.has(row.letter) ? as(row, "h", { was: row.letter }) : row)),
  }),
  arrive: (sheet, act) => ({
    ...sheet,
    state: "arrived",
    times: timed(sheet, "arrive", act.at),
    persons: each(sheet, (row) => (row.state === "aboard" ? as(row, "i", { how: "implied", at: act.at }) : row)),
  }),
  close: (sheet, act) => (act.empty ? { ...sheet, state: "closed" } : null),
  cancel: (sheet) => ({ ...sheet, state: "cancelled" }),
  reopen: (sheet) => ({
    ...sheet,
    state: "boarding",
    times: timed(sheet, "depart", null),
    persons: each(sheet, (row) => (row.letter === "h" ? as(row, row.was ?? "a") : row)),
  }),
  halt: (sheet) => ({ ...sheet, state: "halted", before: sheet.state }),
  resume: (sheet) => ({ ...sheet, state: sheet.before ?? (sheet.times.depart.real ? "departed" : "boarding") }),
  replace(sheet, act) {
    const coach = typeof act.coach === "string" ? sheet.coaches?.find((/** @type {any} */ one) => one.coach === act.coach) : act.coach;
    if (!coach) return null;
    const { seats = null, wheelchairs = 0 } = coach;
    return {
      ...sheet,
      state: sheet.state === "planned" ? "planned" : "boarding",
      coach: { ...sheet.coach, plate: "", phone: "", operator: "", ...coach, replaced: true },
      times: timed(sheet, "depart", null),
      persons: each(sheet, (row) => (row.state === "aboard" ? as(row, "l") : row.letter === "h" ? as(row, row.was ?? "a") : row)),
      numbers: { ...sheet.numbers, seats: seats ?? sheet.numbers.seats, wheelchairs, counted: null },
    };
  },
};

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
    if (row.state === "aboard" && row.letter === "d") back.gone.push(row.person);
    else if (row.letter === "f") back.rows[row.person] = as(row, row.told === sheet.run ? "c" : "d", { act: null });
    else back.rows[row.person] = as(row, GONE.has(sheet.state) ? (row.letter === "i" ? "i" : "h") : "a", { act: null, excuse: null, how: row.letter === "i" ? "implied" : null });
  }
  return back;
}

/** @type {Record<string, (sheet: Sheet, act: Act, backs: Map<string, Back>) => Sheet | null>} */
const HANDLERS = {
  aboard, off, here, excuse, away, vouch, alight, nameless, estimate, step, undo,
  count: (sheet, act) => count(sheet, act.counted),
  settle: (sheet, act) => ({ ...sheet, numbers: { ...sheet.numbers, settled: act.reason } }),
};

// -- what follows from the persons -----------------------------------------------------------------

/** @param {Sheet} sheet @param {Act} act */
function logged(sheet, act) {
  const line = { id: act.id, kind: act.step ?? act.kind, person: act.person ?? null, at: act.at, by: act.by ?? "", undone: false, unsent: true };
  const more = { change: act.change, counted: act.counted, persons: act.persons, why: act.why, to: act.to };
  return [{ ...line, ...more }, ...(sheet.acts ?? [])].slice(0, 30);
}

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

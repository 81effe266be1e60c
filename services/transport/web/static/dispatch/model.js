// The day as the dispatcher sees it: the plan out of the page, and what the API says of it now. Pure.

import { ms } from "../desk/clock.js";

const SOON_MS = 30 * 60_000;
const OPEN = new Set(["planned", "boarding", "last_call"]); // people can still come
const GONE = new Set(["departed", "arrived", "closed"]);

/** Whether people can still be given a seat on a run: as the service has it. */
export const isOpen = (run) => OPEN.has(run.state);
export const isGone = (run) => GONE.has(run.state);

/** One moment of a run: what was planned, what holds now, and whether it really was. */
function moment(said, planned) {
  const real = ms(said?.real);
  return {
    planned: ms(said?.planned) ?? planned,
    at: real ?? ms(said?.estimated) ?? ms(said?.planned) ?? planned,
    sure: real !== null,
  };
}

const idOf = (coach) => (coach !== null && typeof coach === "object" ? coach.coach : coach);

/** A run: the plan, laid under what the API says. */
function readRun(plan, said) {
  const numbers = { ...said, ...said?.numbers };
  const open = moment(said?.times?.open, plan.open_ms);
  const depart = moment(said?.times?.depart, plan.depart_ms);
  const arrive = moment(said?.times?.arrive, plan.arrive_ms);
  const seats = numbers.seats ?? plan.seats;
  const listed = numbers.listed ?? null;
  const aboard = said === undefined ? null : (numbers.aboard ?? 0);
  const taken = Math.max(listed ?? 0, aboard) + (numbers.nameless ?? 0);
  return {
    ...plan,
    state: said?.state ?? "planned",
    kerb: said?.kerb ?? plan.kerb,
    coach: idOf(said?.coach) ?? plan.coach,
    planned: plan.coach,
    replaced: Boolean(said?.coach?.replaced ?? said?.replaced),
    open,
    depart,
    arrive,
    late: said?.times?.late_ms ?? Math.max(0, depart.at - depart.planned),
    seats,
    listed,
    aboard: GONE.has(said?.state) && said?.state !== "departed" ? (numbers.carried ?? numbers.arrived ?? aboard) : aboard,
    nameless: numbers.nameless ?? 0,
    free: numbers.free ?? (seats === null || said === undefined ? null : seats - taken),
    wheelchairs: numbers.wheelchairs ?? plan.wheelchairs,
    wheelchairsFree: numbers.wheelchairs_free ?? null,
    provisional: numbers.provisional ?? 0,
    touches: said?.touches ?? [],
    known: said !== undefined,
  };
}

/** The coaches, each with its runs in order and when it is ready again. */
function readCoaches(config, answer, runs) {
  const told = new Map((answer?.coaches ?? []).map((coach) => [coach.coach ?? coach.id, coach]));
  const known = new Map(config.coaches.map((coach) => [coach.id, coach]));
  for (const run of runs) if (!known.has(run.coach)) known.set(run.coach, strange(run.coach, told.get(run.coach) ?? {}));
  return [...known.values()].map((coach) => {
    const own = runs
      .filter((run) => run.coach === coach.id && run.state !== "cancelled")
      .sort((a, b) => a.depart.at - b.depart.at);
    const lost = runs
      .filter((run) => run.planned === coach.id && run.coach !== coach.id)
      .map((run) => ({ run, by: known.get(run.coach)?.name ?? run.coach }));
    return { ...coach, ...seen(told.get(coach.id)), lost, runs: own.map((run, n) => ({ run, ...turn(run, own[n + 1], coach) })) };
  });
}

const strange = (id, said) => ({
  id,
  name: said.name ?? id,
  plate: said.plate ?? "",
  seats: said.seats ?? null,
  wheelchairs: said.wheelchairs ?? 0,
  operator: said.operator ?? "",
  phone: said.phone ?? "",
  turn_round_ms: said.turn_round_ms ?? 0,
  spare: false,
});

const seen = (said) => (said ? { place: said.place ?? null, position: said.position ?? null } : {});

/** When a coach can open again after a run, and whether that is too late for the next one. */
function turn(run, next, coach) {
  const ready = run.arrive.at + coach.turn_round_ms;
  return { ready, next: next ?? null, tight: Boolean(next) && ready > next.depart.at };
}

/** Free seats of each leg on what departs within half an hour. */
function readLegs(config, answer, runs, now) {
  const told = new Map((answer?.legs ?? []).map((leg) => [leg.leg, leg]));
  const legs = config.transfers.flatMap((transfer) => transfer.legs.map((leg) => ({ ...leg, transfer: transfer.id })));
  return legs.map((leg) => {
    const own = runs.filter((run) => run.leg === leg.id && OPEN.has(run.state)).sort((a, b) => a.depart.at - b.depart.at);
    const soon = own.filter((run) => run.depart.at <= now + SOON_MS);
    const sum = (of) => soon.reduce((total, run) => total + Math.max(0, of(run) ?? 0), 0);
    const said = told.get(leg.id);
    return {
      ...leg,
      runs: soon,
      next: own[0] ?? null,
      free: answer === null ? null : (said?.free ?? sum((run) => run.free)),
      wheelchairsFree: said?.wheelchairs_free ?? sum((run) => run.wheelchairsFree),
    };
  });
}

const person = (one) => (typeof one.person === "object" ? { ...one.person, why: one.why } : one);

/** All of it. `answer` may be null: then it is the plan alone. */
export function readDay(config, answer, now) {
  const said = new Map((answer?.runs ?? []).map((run) => [run.run, run]));
  const runs = config.runs.map((plan) => readRun(plan, said.get(plan.id)));
  const without = answer?.without_seat ?? [];
  return {
    loaded: answer !== null,
    runs: new Map(runs.map((run) => [run.id, run])),
    coaches: readCoaches(config, answer, runs),
    legs: readLegs(config, answer, runs, now),
    conflicts: answer?.conflicts ?? [],
    withoutSeat: without.map((one) => ({ transfer: null, ...person(one) })),
    late: runs.filter((run) => minutes(run.late) >= 2 && !["closed", "cancelled", "arrived"].includes(run.state)),
  };
}

export const minutes = (late) => Math.round(late / 60_000);

/** From when to when a transfer's time line goes: whole five minutes round everything in it. */
export function windowOf(transfer, runs) {
  const own = runs.filter((run) => run.transfer === transfer.id);
  const from = Math.min(transfer.start_ms, ...own.flatMap((run) => [run.open.at, run.open.planned]));
  const to = Math.max(transfer.end_ms, ...own.flatMap((run) => [run.arrive.at, run.arrive.planned]));
  return { from: round(from - 3 * 60_000, Math.floor), to: round(to + 6 * 60_000, Math.ceil) };
}

const FIVE = 5 * 60_000;
const round = (at, how) => how(at / FIVE) * FIVE;

/** The transfer that is on, else the next one, else the last. */
export function current(transfers, now) {
  const after = 20 * 60_000;
  return transfers.find((transfer) => now < transfer.end_ms + after) ?? transfers.at(-1) ?? null;
}

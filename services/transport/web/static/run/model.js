// The run as this phone knows it: the service's last sheet, and on top of it what was done here and is not in it yet.

import { uuid7 } from "../../uuid7.js";
import { apply, applyAll } from "./apply.js";
import { OVER } from "./letters.js";
import { wheelSeats } from "./sums.js";

/**
 * @typedef {import("./keep.js").Entry} Entry
 * @typedef {import("./keep.js").Keep} Keep
 * @typedef {(change: {own: boolean}) => void} Listener `own`: this hand did it; else the service told
 */

/** What an entry does to the sheet: a scan is somebody who is aboard by their badge. @param {Entry} entry */
const actOf = ({ id, run, type, body, local }) =>
  type === "act"
    ? { ...body, ...local, elsewhere: body.run !== undefined && body.run !== run }
    : { id, kind: local.off ? "off" : "aboard", at: body.at, badge: body.badge, person: local.person, digest: local.digest };

/**
 * @param {{run: string, keep: Keep, clock: import("./clock.js").Clock, settings: {name: string}}} parts
 */
export function createModel({ run, keep, clock, settings }) {
  /** @type {Map<string, import("./apply.js").Back>} */
  const backs = new Map();
  /** @type {Set<Listener>} */
  const listeners = new Set();
  let base = keep.stored?.sheet ?? null;
  let view = base;
  let changes = 0; // goes up with everything that is sent: a sheet that was asked for before does not have it
  /** @type {Map<string, number>} */
  const sentAt = new Map();
  let over = false;

  const tell = (/** @type {boolean} */ own) => listeners.forEach((listener) => listener({ own }));
  const rebuild = () => {
    view = base && applyAll(base, keep.own().map(actOf), backs);
  };
  rebuild();

  /** @param {Entry} entry */
  function add(entry) {
    keep.add(entry); // before anybody is told: what listens may send it
    if (view && entry.body.kind === "undo") rebuild(); // what it takes back is left out, if it is not sent yet
    else if (view) {
      const act = actOf(entry);
      const done = apply(view, act, backs);
      if (done.back) backs.set(act.id, done.back);
      view = done.sheet;
    }
    tell(true);
    return entry;
  }

  return {
    /** All that is known now; null before the first sheet. */
    get sheet() {
      return view;
    },
    get changes() {
      return changes;
    },
    /** Whether the run is over and its people are gone from this phone. */
    get over() {
      return over;
    },
    unsent: () => keep.unsent().length,
    /** @param {Listener} listener */
    listen: (listener) => void listeners.add(listener),
    /**
     * Do something: at once here, with the service as soon as it can be reached.
     * @param {string} kind @param {Record<string, any>} members @param {Record<string, any>} [local] what is not sent
     */
    act(kind, members = {}, local = {}) {
      const by = settings.name ? { by: settings.name } : {};
      const id = uuid7();
      const body = { id, run, kind, at: clock.text(), ...by, ...members };
      return add({ id, run, type: "act", body, local, mark: clock.mark(), sent: false });
    },
    /** @param {string} badge @param {{person?: string, digest: string, shown?: any, off?: boolean}} local */
    scan(badge, local) {
      const id = uuid7();
      const body = { id, badge, checkpoint: view.checkpoint, at: clock.text(), synced: true };
      return add({ id, run, type: "scan", body, local, mark: clock.mark(), sent: false });
    },
    /** @param {Entry[]} entries */
    sent(entries) {
      changes += 1;
      for (const { id } of entries) sentAt.set(id, changes);
      return keep.markSent(entries);
    },
    /** What the service did not take. @param {string[]} ids */
    refused(ids) {
      changes += 1;
      keep.drop(ids);
      rebuild();
      tell(false);
    },
    /**
     * A sheet of the service that was asked for after `asked` changes: it has what was sent by then, and what it lists.
     * @param {any} sheet @param {number} asked
     */
    async take(sheet, asked) {
      const listed = new Set((sheet.acts ?? []).map((/** @type {any} */ act) => act.id));
      const known = keep.own();
      const has = known.filter((entry) => entry.sent && ((sentAt.get(entry.id) ?? 0) <= asked || listed.has(entry.id)));
      base = { ...sheet, persons: kept(sheet.persons, base?.persons), wheel_seats: wheelSeats(sheet) };
      over = OVER.has(sheet.state) && known.every((entry) => entry.sent);
      const written = over ? keep.forget() : keep.sheet(base, clock.anchor, has.map(({ id }) => id));
      if (over) base = { ...sheet, persons: [], conflicts: [], acts: [] };
      for (const { id } of has) sentAt.delete(id);
      rebuild();
      tell(false);
      await written;
    },
    /** Whether it was said here where somebody is who was boarded twice, and the service does not know yet. @param {string} person */
    settles: (person) => keep.own().some((entry) => entry.local?.settles === person),
    /** Whether an act can still be taken back here. @param {string} id */
    canUndo: (id) => backs.has(id) || Boolean(view?.persons?.some((/** @type {any} */ row) => row.act === id || row.excuse?.act === id)),
  };
}

/** @typedef {ReturnType<typeof createModel>} Model */

const TELLING = ["letter", "how", "at", "act", "name", "organisation", "phone", "needs", "told", "row", "last_place", "last_at"];

/**
 * The new rows, but the known one where nothing changed: what shows it need not look again.
 * @param {any[] | null} rows @param {any[] | null | undefined} known
 */
function kept(rows, known) {
  if (!rows || !known) return rows;
  const before = new Map(known.map((row) => [row.person, row]));
  const same = (/** @type {any} */ a, /** @type {any} */ b) => TELLING.every((name) => a[name] === b[name]) && a.excuse?.act === b.excuse?.act && a.digests.length === b.digests.length;
  return rows.map((row) => {
    const old = before.get(row.person);
    return old && same(old, row) ? old : row;
  });
}

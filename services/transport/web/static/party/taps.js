// Taps on their way: each waits a moment, so that it can be taken back, then it is sent; without network it stays.

import { ask, Problem } from "../desk/ask.js";
import { uuid7 } from "../../uuid7.js";

export const GRACE_MS = 4_000; // a tap can be taken back this long before it goes
const AGAIN_MS = 5_000;
const GIVEN_UP = new Set([400, 404, 409, 413, 415, 422]); // sending it again will not help

/**
 * A tap is {id, persons, made}: when it was made by this phone's clock, of which only its age is told.
 * `changed()` is called when any was added or is gone, `answered(list)` with the newest list, `refused(problem)`.
 */
export function makeTaps({ keep, url, changed, answered, refused }) {
  let busy = false;

  const all = () => keep.get().taps;
  const isFresh = (tap) => Date.now() - tap.made < GRACE_MS;

  function add(persons) {
    keep.set({ taps: [...all(), { id: uuid7(), persons, made: Date.now() }] });
    changed();
    setTimeout(send, GRACE_MS + 20);
  }

  /** Take somebody back who was not sent yet. */
  function drop(person) {
    const left = all().map((tap) => ({ ...tap, persons: tap.persons.filter((one) => one !== person) }));
    keep.set({ taps: left.filter((tap) => tap.persons.length) });
    changed();
  }

  /** Take back the newest tap. */
  function undo() {
    keep.set({ taps: all().slice(0, -1) });
    changed();
  }

  const bodyOf = (tap) => ({
    id: tap.id,
    persons: tap.persons,
    leader: keep.get().leader,
    age_ms: Math.max(0, Date.now() - tap.made),
  });

  async function send() {
    const tap = all().find((one) => !isFresh(one));
    if (busy || !tap) return;
    busy = true;
    try {
      const list = await ask(`${url}/vouch`, { body: bodyOf(tap), stay: true });
      forget(tap);
      answered(list);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (GIVEN_UP.has(error.status)) {
        forget(tap);
        refused(error);
      } else if (error.status === 401 || error.status === 403) refused(error);
    } finally {
      busy = false;
      changed();
    }
    if (all().some((one) => !isFresh(one))) setTimeout(send, navigator.onLine ? 200 : AGAIN_MS);
  }

  function forget(tap) {
    keep.set({ taps: all().filter((one) => one.id !== tap.id) });
  }

  setInterval(send, AGAIN_MS);
  addEventListener("online", send);
  return { all, add, drop, undo, send, fresh: () => all().filter(isFresh), kept: () => all().filter((tap) => !isFresh(tap)) };
}

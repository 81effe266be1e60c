// What time it is at the event: the service's clock, which may run faster than ours when a day is played again, and goes
// on without network and after a reload. Times of acts are this clock's.

/** @typedef {{server_ms: number, wall_ms: number, speed: number}} Anchor a moment of the service's clock, and ours then */

/** @param {{anchor: Anchor, wall?: () => number, steady?: () => number}} parts */
export function createClock({ anchor, wall = Date.now, steady = () => performance.now() }) {
  let set = anchor;
  const session = `${wall()}-${Math.random()}`;
  const now = () => Math.round(set.server_ms + (wall() - set.wall_ms) * set.speed);
  return {
    /** Epoch milliseconds at the event. */
    now,
    /** RFC 3339, in UTC. */
    text: () => new Date(now()).toISOString(),
    /** What the service says it is. @param {string} at */
    hear(at) {
      set = { server_ms: Date.parse(at), wall_ms: wall(), speed: set.speed };
    },
    /** @param {Anchor} known */
    restore(known) {
      set = known;
    },
    get anchor() {
      return set;
    },
    /** A mark from which `since` measures, also while the phone sleeps; another page cannot. */
    mark: () => ({ session, steady: steady(), wall: wall() }),
    /** Event milliseconds since a mark; null when it is of a page before this one. @param {{session: string, steady: number, wall: number}} mark */
    since: (mark) => (mark.session === session ? Math.round(Math.max(steady() - mark.steady, wall() - mark.wall) * set.speed) : null),
  };
}

/** @typedef {ReturnType<typeof createClock>} Clock */

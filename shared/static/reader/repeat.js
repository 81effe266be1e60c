// The same badge is not read twice within three seconds. Pure: the time is given.

export const REPEAT_MS = 3000;

/**
 * A guard that says of every code whether it counts.
 *
 * A camera sees a badge thirty times a second for as long as it is held: there every sight starts the three seconds anew
 * (`held`), so that the badge counts again only after it was gone. A hand scanner reads when somebody pulls its trigger:
 * there the three seconds run from the reading that counted.
 *
 * @param {{quietMs?: number}} [options] how long a code stays quiet, in milliseconds
 */
export function createRepeat({ quietMs = REPEAT_MS } = {}) {
  /** @type {Map<string, number>} code → until when it is quiet, in milliseconds */
  const quiet = new Map();

  /** @param {number} at */
  const forget = (at) => {
    for (const [code, until] of quiet) if (until <= at || until - at > quietMs) quiet.delete(code);
  };

  return {
    /**
     * Whether this sight of a code counts as a reading.
     *
     * @param {string} code
     * @param {number} at a clock in milliseconds that does not jump; one that was set back forgets
     * @param {{held?: boolean}} [how]
     */
    counts(code, at, { held = false } = {}) {
      forget(at);
      const known = quiet.has(code);
      if (!known || held) quiet.set(code, at + quietMs);
      return !known;
    },
    /** Everything counts again: another checkpoint, another run. */
    clear: () => quiet.clear(),
    /** How many codes are remembered. */
    get size() {
      return quiet.size;
    },
  };
}

// UUIDv7 (RFC 9562): sorts by time, also within one millisecond and when the clock is set back.

const MOST_IN_MS = 0xfff;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Bytes} bytes */
const fill = (bytes) => crypto.getRandomValues(bytes);

/**
 * A maker of ids. `rand_a` is a counter that starts somewhere in its lower half each millisecond; when it is full, the
 * id borrows the next millisecond.
 *
 * @param {{now?: () => number, random?: (bytes: Bytes) => Bytes}} [parts] epoch milliseconds; a filler
 * @returns {() => string}
 */
export function createIds({ now = Date.now, random = fill } = {}) {
  let last = -1;
  let count = 0;
  return () => {
    const bytes = random(new Uint8Array(16));
    const at = Math.floor(now());
    if (at > last) {
      last = at;
      count = ((bytes[6] << 8) | bytes[7]) & 0x7ff;
    } else if (count < MOST_IN_MS) {
      count += 1;
    } else {
      last += 1;
      count = ((bytes[6] << 8) | bytes[7]) & 0x7ff;
    }
    new DataView(bytes.buffer).setUint32(2, last % 2 ** 32);
    new DataView(bytes.buffer).setUint16(0, Math.floor(last / 2 ** 32));
    bytes[6] = 0x70 | (count >> 8);
    bytes[7] = count & 0xff;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** A new id of this page. */
export const uuid7 = createIds();

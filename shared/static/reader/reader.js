// The badge reader of every page: camera, hand scanner, NFC and typing, one stream of codes.

import { createCamera } from "./camera.js";
import { createNfc, nfcIsThere } from "./nfc.js";
import { createRepeat, REPEAT_MS } from "./repeat.js";
import { createWedge } from "./wedge.js";

/**
 * @typedef {"camera" | "wedge" | "nfc"} Source
 * @typedef {"off" | "starting" | "reading" | "hidden" | "denied" | "missing" | "busy" | "unsupported" | "failed"} State
 *   `denied`: no permission; `missing`: no such part; `busy`: another program has it; `hidden`: the page is not looked at
 *
 * @typedef {{code: string, source: Source | "typed", at: number}} Read `at` in epoch milliseconds of the device
 *
 * @typedef {{min: number, max: number, step: number, value: number}} Zoom
 * @typedef {object} SourceChange what changed of a source
 * @property {State} [state]
 * @property {string} [detail] for a log, not for people
 * @property {string | null} [camera] the id of the camera that is used
 * @property {{id: string, label: string}[]} [cameras] all that the device has
 * @property {boolean} [mirrored] it looks at who holds the device
 * @property {boolean | null} [torch] null: it has none
 * @property {Zoom | null} [zoom] null: it has none
 *
 * @typedef {{source: Source} & Required<Omit<SourceChange, "detail">> & {detail: string}} SourceState
 */

/** @param {Source} source @returns {SourceState} */
const nothing = (source) => ({ source, state: "off", detail: "", camera: null, cameras: [], mirrored: false, torch: null, zoom: null });

/**
 * Make a reader. Nothing is asked for and nothing listens until `start`.
 *
 * @param {object} options
 * @param {(read: Read) => void} options.onRead a badge was read; not the same one twice within `repeatMs`
 * @param {(state: SourceState) => void} [options.onState] a source changed; a fresh object each time
 * @param {string} [options.language] of texts on NFC tags that have several
 * @param {number} [options.repeatMs] milliseconds
 * @param {() => number} [options.now] epoch milliseconds
 * @param {() => number} [options.steady] milliseconds that do not jump
 */
export function createReader({
  onRead,
  onState = () => {},
  language = "nl",
  repeatMs = REPEAT_MS,
  now = Date.now,
  steady = () => performance.now(),
}) {
  const repeat = createRepeat({ quietMs: repeatMs });
  /** @type {Record<Source, SourceState>} */
  const states = { camera: nothing("camera"), wedge: nothing("wedge"), nfc: nothing("nfc") };

  /** @param {Read["source"]} source */
  const taker = (source) => (/** @type {string} */ code) => {
    if (repeat.counts(code, steady(), { held: source === "camera" })) onRead({ code, source, at: now() });
  };
  /** @param {Source} source */
  const teller = (source) => (/** @type {SourceChange} */ change) => {
    states[source] = { ...states[source], ...(change.state ? { detail: "" } : {}), ...change };
    onState(states[source]);
  };
  /** @param {Source} source */
  const ends = (source) => ({ onRead: taker(source), onState: teller(source) });

  const camera = createCamera(ends("camera"));
  const wedge = createWedge(ends("wedge"));
  const nfc = createNfc({ ...ends("nfc"), language });
  const sources = { camera, wedge, nfc };

  return {
    ...sources,
    /** Start some sources; a camera and NFC ask for leave, from within a touch. @param {...Source} names */
    start: (...names) => Promise.all(names.map((name) => sources[name].start())).then(() => {}),
    /** Stop some, or all. @param {...Source} names */
    stop(...names) {
      for (const name of names.length ? names : /** @type {Source[]} */ (["camera", "wedge", "nfc"])) sources[name].stop();
    },
    /** Stop everything, for good or until the next start. */
    close() {
      for (const source of [wedge, nfc]) source.stop();
      camera.close();
    },
    /** A code that somebody typed. @param {string} code */
    typed(code) {
      if (code.trim()) taker("typed")(code.trim());
    },
    /** The next reading counts, whatever was read before: another run, another checkpoint. */
    forget: () => repeat.clear(),
    /** @param {Source} source */
    state: (source) => states[source],
    /** Whether the browser has the part at all. @param {Source} source */
    has: (source) => source === "wedge" || (source === "nfc" ? nfcIsThere() : Boolean(navigator.mediaDevices?.getUserMedia)),
  };
}

/** @typedef {ReturnType<typeof createReader>} Reader */

// A hand scanner is a keyboard that types very fast: it is heard wherever the page has its focus, and typing is left alone.

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{field: Field, value: string, start: number | null, end: number | null}} Before what a field held before a burst */

export const GAP_MS = 35;
export const SHORTEST = 6;

/** Input types that have a caret. */
const WITH_CARET = new Set(["text", "search", "tel", "url", "password"]);

/** @param {EventTarget | undefined} target @returns {Field | null} */
const fieldOf = (target) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ? target : null;

/** @param {EventTarget | undefined} target */
const takesText = (target) => fieldOf(target) !== null || (target instanceof HTMLElement && target.isContentEditable);

/** @param {Field | null} field @returns {Before | null} */
function remember(field) {
  if (!field) return null;
  const caret = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && WITH_CARET.has(field.type));
  const { selectionStart = null, selectionEnd = null } = caret ? field : {};
  return { field, value: field.value, start: selectionStart, end: selectionEnd };
}

/** Put a field back as it was before the burst; what listens to it hears so. @param {Before | null} before */
function restore(before) {
  if (!before || before.field.value === before.value) return;
  const { field, value, start, end } = before;
  field.value = value;
  if (start !== null && !(field instanceof HTMLSelectElement)) field.setSelectionRange(start, end);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Whether keys make a burst of a hand scanner: pure, so that it can be tried with made-up times.
 *
 * @param {{gapMs?: number, shortest?: number}} [options] the longest time between two keys, ms; the fewest characters
 */
export function createBurst({ gapMs = GAP_MS, shortest = SHORTEST } = {}) {
  let text = "";
  let last = -Infinity;
  return {
    /** One more character; true when it goes on with what came before. @param {string} key @param {number} at */
    key(key, at) {
      const goesOn = at - last < gapMs;
      text = goesOn ? text + key : key;
      last = at;
      return goesOn;
    },
    /** Enter or Tab: the code that it ends, or null when that was a person. @param {number} at */
    end(at) {
      const code = at - last < gapMs && text.length >= shortest ? text : null;
      text = "";
      last = -Infinity;
      return code;
    },
    /** What was typed is no burst: a held key, a shortcut. */
    clear() {
      text = "";
      last = -Infinity;
    },
  };
}

/**
 * Hear a hand scanner on the whole page.
 *
 * What a person types is never touched. A burst is taken out of the field that had the focus, and its Enter or Tab sends
 * no form and moves no focus. Times are the keyboard events' own: a page that is busy does not make a scanner slow.
 *
 * @param {{onRead: (code: string) => void, onState: (change: import("./reader.js").SourceChange) => void, gapMs?: number, shortest?: number}} options
 */
export function createWedge({ onRead, onState, ...limits }) {
  const burst = createBurst(limits);
  /** @type {Before | null} */
  let before = null;
  let ended = -Infinity;
  let listening = false;

  /** @param {KeyboardEvent} event */
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** @param {KeyboardEvent} event */
  function end(event) {
    if (event.timeStamp - ended < GAP_MS) return swallow(event); // a scanner that ends with CR and LF
    const code = burst.end(event.timeStamp);
    if (code === null) return;
    swallow(event);
    ended = event.timeStamp;
    restore(before);
    before = null;
    onRead(code.trim());
  }

  /** @param {KeyboardEvent} event */
  function heard(event) {
    if (event.isComposing || event.key === "Shift" || event.key === "AltGraph" || event.key === "CapsLock") return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return burst.clear();
    if (event.key === "Enter" || event.key === "Tab") return end(event);
    if (event.key.length !== 1) return burst.clear();
    const [target] = event.composedPath();
    const goesOn = burst.key(event.key, event.timeStamp);
    if (!goesOn) before = remember(fieldOf(target));
    else if (!takesText(target)) event.preventDefault(); // no scrolling, no finding in the page, no button pressed
  }

  return {
    start() {
      if (!listening) addEventListener("keydown", heard, { capture: true });
      listening = true;
      onState({ state: "reading" });
    },
    stop() {
      removeEventListener("keydown", heard, { capture: true });
      listening = false;
      burst.clear();
      onState({ state: "off" });
    },
  };
}

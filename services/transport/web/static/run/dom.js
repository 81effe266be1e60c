// Elements in few words, and the pictures of the page: 24 × 24, drawn with lines in the colour of the text.

const PATHS = {
  check: "M4.5 12.5 10 18 19.5 7",
  twice: "M2.5 12.5 7.5 17.5 15.5 8 M12 16 13.5 17.5 21.5 8",
  out: "M10 5H5v14h5 M10 12h10 M16 8l4 4-4 4",
  note: "M12 4 21 19.5H3L12 4Z M12 10v4.5 M12 17v.1",
  stop: "M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7L8.5 3Z M12 7.5v5.5 M12 16.2v.1",
  wait: "M12 3.5a8.5 8.5 0 1 0 .01 0Z M12 7.5V12l3 2.5",
  dots: "M5.5 12h.1 M12 12h.1 M18.5 12h.1",
  phone: "M6 3.5h3.5l1.5 5-2.2 1.6a12 12 0 0 0 5.1 5.1l1.6-2.2 5 1.5V18a2.5 2.5 0 0 1-2.5 2.5C10.5 20.5 3.5 13.5 3.5 6A2.5 2.5 0 0 1 6 3.5Z",
  search: "M10.5 4a6.5 6.5 0 1 0 .01 0Z M15.5 15.5 20.5 20.5",
  scan: "M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M8 8h3v3H8Z M13.5 13.5H16V16h-2.5Z M13.5 8H16v2.5 M8 13.5V16h2.5",
  close: "M6 6l12 12 M18 6 6 18",
  undo: "M8.5 5 4.5 9l4 4 M5 9h9a5.5 5.5 0 0 1 0 11h-3",
  wheel: "M10.5 5.2v-.1 M10.5 8.5v5h5l2.5 5 M8 11a5 5 0 1 0 6.5 6.5",
  chevron: "M8.5 5.5 15 12l-6.5 6.5",
  hand: "M8 12V6.5a1.5 1.5 0 0 1 3 0V11 M11 11V4.5a1.5 1.5 0 0 1 3 0V11 M14 11V6a1.5 1.5 0 0 1 3 0v8.5c0 3.5-2.5 6-6 6-2.8 0-4.3-1.3-5.5-3.5L4 13.5c-.8-1.6 1.2-2.7 2.2-1.4L8 14.5",
  theme: "M12 3.5a8.5 8.5 0 1 0 .01 0Z M12 3.5v17 M12 7c6 1 6 9 0 10",
  sound: "M4 9.5h3.5L12 5.5v13L7.5 14.5H4Z M15.5 9a4 4 0 0 1 0 6 M18 6.5a8 8 0 0 1 0 11",
  buzz: "M9 4.5h6a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1Z M4.5 9.5v5 M19.5 9.5v5",
  people: "M9 5a3.5 3.5 0 1 0 .01 0Z M2.5 20c0-4 2.5-6.5 6.5-6.5s6.5 2.5 6.5 6.5 M16 5.5a3.5 3.5 0 0 1 0 6.5 M18 14c2.2.8 3.5 3 3.5 6",
  bus: "M5 5h14a1 1 0 0 1 1 1v11H4V6a1 1 0 0 1 1-1Z M4 12h16 M7.5 17v2.5 M16.5 17v2.5 M7.5 14.5h.1 M16.5 14.5h.1",
  count: "M4 8h7 M7.5 4.5v7 M13 16.5h7",
  pin: "M12 21c-4.5-4.8-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2 6.2-6.5 11Z M12 8a2.2 2.2 0 1 0 .01 0Z",
  swap: "M4 8.5h13 M13.5 5 17 8.5 13.5 12 M20 15.5H7 M10.5 12 7 15.5l3.5 3.5",
  back: "M9 18l-6-6 6-6 M3 12h18",
  flag: "M5 21V4 M5 4.5h12l-2 4 2 4H5",
  tools: "M14 4.5a5 5 0 0 0-4 6.5L3.5 17.5l3 3L13 14a5 5 0 0 0 6.5-6l-3 3-3-.5-.5-3Z",
  later: "M12 5.5a7.5 7.5 0 1 0 .01 0Z M12 9v4h3 M9.5 2.5h5",
  share: "M4 4h6v6H4Z M14 4h6v6h-6Z M4 14h6v6H4Z M14 14h3v3h-3Z M19 19h1 M14 20h1 M20 14v1",
};

/** @typedef {keyof typeof PATHS} Icon */
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name one of the pictures */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[/** @type {Icon} */ (name)]);
  picture.append(path);
  return picture;
}

/**
 * An element; `class`, attributes, `data-…`, and `on…` listeners as members. Children that are null or false are left out.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} kind @param {Record<string, any>} [members] @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(kind, members = {}, ...children) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return element;
}

/** @param {string} look @param {string} text @param {() => void} act @param {{icon?: string, key?: string, label?: string, disabled?: boolean, pressed?: boolean}} [more] */
export function button(look, text, act, more = {}) {
  return h(
    "button",
    { type: "button", class: look, onclick: act, "data-f": more.key, "aria-label": more.label, disabled: more.disabled, "aria-pressed": more.pressed === undefined ? null : String(more.pressed) },
    more.icon ? icon(more.icon) : null,
    text ? h("span", {}, text) : null,
  );
}

/** New children, and the focus stays with who had it (`data-f` says who is who). @param {Element} parent @param {(Node | null | false)[]} children */
export function refill(parent, children) {
  const active = document.activeElement;
  const key = active && parent.contains(active) ? active.getAttribute("data-f") : null;
  parent.replaceChildren(.../** @type {Node[]} */ (children.filter(Boolean)));
  if (key) /** @type {HTMLElement | null} */ (parent.querySelector(`[data-f="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
}

/** @param {string} selector @returns {HTMLElement} */
export const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** A text in an element, only when it is another. @param {Element | null} element @param {string} text */
export function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** A `data-…` of an element, only when it is another: the same again still makes the browser work. @param {HTMLElement} element @param {string} name @param {string} value */
export function set(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** @type {Set<() => void>} */
const unpainted = new Set();
const flush = () => {
  const all = [...unpainted];
  unpainted.clear();
  for (const work of all) work();
};
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());

/** Work that may wait until the hand has seen what it did; at once when the page is put away. @param {() => void} work */
export function afterPaint(work) {
  if (document.visibilityState === "hidden") return work();
  if (unpainted.size === 0) requestAnimationFrame(() => setTimeout(flush));
  unpainted.add(work);
}

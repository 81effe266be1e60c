// Small helpers of the pages at a desk: elements, and words with values in them.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** "{n} of {m}" with its values; what is not given stays as it is. */
export const fits = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** One or many: `words` is [for one, for many]. */
export const some = (words, n) => fits(n === 1 ? words[0] : words[1], { n });

/** Everything that may stand between the tags: texts, nodes, lists of them, and nothing. */
const flat = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

/**
 * An element: `h("p.soft", {title: "…", onclick: f, vars: {"--x": 3}}, "text", node)`. An attribute that is false, null
 * or undefined is left out; `vars` are set through the CSSOM, because the pages allow no inline style.
 */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "vars") Object.entries(value).forEach(([property, set]) => element.style.setProperty(property, String(set)));
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...flat(children));
  return element;
}

/** Set text only when it is another one, so that nothing that reads the page aloud repeats itself. */
export function put(element, text) {
  const next = text === null || text === undefined ? "–" : String(text);
  if (element && element.textContent !== next) element.textContent = next;
}

/** A telephone number that can be tapped; nothing where there is none. */
export const phone = (number, name) =>
  number
    ? h("a.phone", { href: `tel:${number.replaceAll(/[^+0-9]/g, "")}`, "aria-label": name ? `${name}: ${number}` : null }, number)
    : null;

let held = false; // a finger or a button is down: what is under it must not be taken away, or the tap is lost
const waiting = new Map();
addEventListener("pointerdown", () => (held = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => ((held = false), setTimeout(late)), true);

function late() {
  const all = [...waiting];
  waiting.clear();
  for (const [root, children] of all) redraw(root, children);
}

/** Draw anew, and keep the focus (by its `data-key`), the caret and how far it was scrolled; waits for a tap to end. */
export function redraw(root, ...children) {
  if (held) return void waiting.set(root, children);
  waiting.delete(root);
  const before = root.contains(document.activeElement) ? document.activeElement : null;
  const key = before?.dataset.key;
  const caret = before?.type === "text" || before?.type === "search" ? before.selectionStart : null;
  const scroll = root.scrollTop;
  root.replaceChildren(...flat(children));
  root.scrollTop = scroll;
  const after = key === undefined ? null : one(`[data-key="${CSS.escape(key)}"]`, root);
  after?.focus({ preventScroll: true });
  if (after && caret !== null) after.setSelectionRange(caret, caret);
}

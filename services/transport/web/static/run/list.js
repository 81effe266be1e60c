// The list: who is still to come on top. Rows are kept by person and moved, never made anew; a row that was tapped stays
// where it is until the hand rests, so that a second tap takes it back and no other name slides under the finger.

import { h, icon, put } from "./dom.js";

const REST_MS = 2000;
const HELD_MS = 500;

/**
 * @typedef {{key: string, title: string, rows: any[], open?: boolean, party?: any, done?: boolean}} Part
 * @typedef {import("./words.js").Words} Words
 */

const ICONS = { waiting: "", aboard: "check", seen: "check", excused: "out", behind: "stop", unsure: "note" };

/** How a row looks. @param {any} row */
export function lookOf(row) {
  if (row.state === "aboard") return "aboard";
  if (row.state === "listed" || row.state === "off") return "waiting";
  if (row.state === "excused") return "excused";
  if (row.state === "left-behind") return "behind";
  if (row.state === "unconfirmed") return "unsure";
  return row.how === "implied" ? "unsure" : "seen";
}

/**
 * @param {{
 *   element: HTMLElement, words: Words, describe: (row: any) => string,
 *   onTap: (person: string) => void, onMore: (person: string) => void, onVouch: (party: string) => void,
 *   onShare: (party: string, name: string) => void,
 * }} parts
 */
export function createList({ element, words, describe, onTap, onMore, onVouch, onShare }) {
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  /** @type {Map<string, any>} what each row shows */
  const shown = new Map();
  /** @type {Map<string, HTMLElement>} */
  const parts = new Map();
  /** @type {Map<string, boolean>} groups that were opened or closed by hand */
  const opened = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  let later = () => {};

  /** @param {any} row */
  function make(row) {
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const main = h("button", { type: "button", class: "tap", "data-tap": row.person, "data-f": `tap:${row.person}` }, sign, h("span", { class: "who" }, h("strong", {}), h("span", { class: "about" })), h("span", { class: "mark" }));
    const more = h("button", { type: "button", class: "more", "data-more": row.person, "data-f": `more:${row.person}` }, icon("dots"));
    return h("li", { class: "row", "data-person": row.person }, main, more);
  }

  /** @param {any} row */
  function rowOf(row) {
    let item = rows.get(row.person);
    if (!item) rows.set(row.person, (item = make(row)));
    if (shown.get(row.person) !== row) paint(item, row);
    return item;
  }

  /** @param {HTMLElement} item @param {any} row */
  function paint(item, row) {
    shown.set(row.person, row);
    const look = lookOf(row);
    if (item.dataset.look !== look) {
      item.dataset.look = look;
      const sign = /** @type {HTMLElement} */ (item.querySelector(".sign"));
      const name = ICONS[look];
      sign.replaceChildren(...(name ? [icon(name)] : []));
    }
    item.toggleAttribute("data-carried", Boolean(row.provisional));
    item.toggleAttribute("data-wheel", Boolean(row.wheelchair));
    put(item.querySelector("strong"), row.name || words.t("nameless_person"));
    put(item.querySelector(".about"), describe(row));
    const mark = /** @type {HTMLElement} */ (item.querySelector(".mark"));
    const wants = [row.wheelchair ? "wheel" : "", row.unsent ? "wait" : ""].filter(Boolean);
    if (mark.dataset.of !== wants.join()) {
      mark.dataset.of = wants.join();
      mark.replaceChildren(...wants.map(icon));
    }
    const tap = /** @type {HTMLElement} */ (item.firstElementChild);
    tap.setAttribute("aria-pressed", String(look === "aboard" || look === "seen"));
    item.lastElementChild?.setAttribute("aria-label", words.t("more_about", { name: row.name }));
  }

  /** @param {Part} part */
  function partOf(part) {
    let section = parts.get(part.key);
    if (!section) parts.set(part.key, (section = makePart(part)));
    put(section.querySelector(".part-title"), part.title);
    const count = part.party ? `${part.party.aboard}/${part.party.listed}` : String(part.rows.length);
    put(section.querySelector(".part-count"), part.done ? `${count} ✓` : count);
    section.toggleAttribute("data-done", Boolean(part.done));
    const head = section.querySelector(".part-head");
    const open = opened.get(part.key) ?? part.open ?? true;
    section.toggleAttribute("data-open", open);
    if (head?.tagName === "BUTTON") head.setAttribute("aria-expanded", String(open));
    const vouch = /** @type {HTMLElement | null} */ (section.querySelector(".vouch"));
    const missing = part.rows.filter((row) => lookOf(row) === "waiting").length;
    if (vouch) {
      vouch.hidden = missing === 0 || part.party.state !== "boards";
      put(vouch.firstElementChild, words.n("vouch", missing));
    }
    section.querySelector("[data-share]")?.setAttribute("aria-label", words.t("share_party", { party: part.title }));
    const list = /** @type {HTMLElement} */ (section.querySelector("ul"));
    order(list, open ? part.rows.map(rowOf) : []);
    section.hidden = part.rows.length === 0;
    return section;
  }

  /** @param {Part} part */
  function makePart(part) {
    const title = h("span", { class: "part-title" });
    const count = h("span", { class: "part-count" });
    const head = part.party
      ? h("button", { type: "button", class: "part-head", "data-fold": part.key, "data-f": `fold:${part.key}` }, icon("chevron"), title, count)
      : h("div", { class: "part-head", role: "heading", "aria-level": "2" }, title, count);
    const vouch = part.party ? h("button", { type: "button", class: "vouch", "data-vouch": part.party.party, "data-f": `vouch:${part.key}`, hidden: true }, h("span", {})) : null;
    const share = part.party?.party ? h("button", { type: "button", class: "more", "data-share": part.party.party, "data-f": `share:${part.key}` }, icon("share")) : null;
    return h("section", { class: "part", "data-part": part.key.replace(/:.*/, "") }, h("div", { class: "part-top" }, head, vouch, share), h("ul", {}));
  }

  /** @param {Part[]} wanted */
  function show(wanted) {
    clearTimeout(rest);
    rest = undefined;
    order(element, wanted.map(partOf));
    const kept = new Set(wanted.map(({ key }) => key));
    for (const key of parts.keys()) if (!kept.has(key)) parts.delete(key);
    forgetGone(wanted);
  }

  /** @param {Part[]} wanted */
  function forgetGone(wanted) {
    const there = new Set(wanted.flatMap(({ rows: those }) => those.map((row) => row.person)));
    for (const person of rows.keys()) {
      if (there.has(person)) continue;
      rows.delete(person);
      shown.delete(person);
    }
  }

  /**
   * What the list should be. `resting`: not now, a hand is on it; only the rows themselves change.
   * @param {Part[]} wanted @param {{resting: boolean}} how
   */
  function update(wanted, { resting }) {
    later = () => show(wanted);
    if (!resting && rest === undefined) return show(wanted);
    for (const part of wanted) for (const row of part.rows) if (rows.has(row.person)) rowOf(row);
    for (const part of wanted) {
      const section = parts.get(part.key);
      if (section) put(section.querySelector(".part-count"), part.party ? `${part.party.aboard}/${part.party.listed}` : String(part.rows.length));
    }
    if (!resting) return;
    clearTimeout(rest);
    rest = setTimeout(() => later(), REST_MS);
  }

  // -- the hand ------------------------------------------------------------------------------------

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let holding;
  let held = false;

  /** @param {Event} event @param {string} name */
  const closest = (event, name) => (event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(`[data-${name}]`)) : null);

  element.addEventListener("click", (event) => {
    if (held) {
      held = false;
      return;
    }
    const tap = closest(event, "tap");
    const more = closest(event, "more");
    const fold = closest(event, "fold");
    const vouch = closest(event, "vouch");
    const share = closest(event, "share");
    if (tap) onTap(/** @type {string} */ (tap.dataset.tap));
    else if (more) onMore(/** @type {string} */ (more.dataset.more));
    else if (vouch) onVouch(/** @type {string} */ (vouch.dataset.vouch));
    else if (share) onShare(/** @type {string} */ (share.dataset.share), share.closest(".part")?.querySelector(".part-title")?.textContent ?? "");
    else if (fold) {
      opened.set(/** @type {string} */ (fold.dataset.fold), fold.getAttribute("aria-expanded") !== "true");
      later();
    }
  });
  element.addEventListener("pointerdown", (event) => {
    const tap = closest(event, "tap");
    held = false;
    clearTimeout(holding);
    if (!tap) return;
    holding = setTimeout(() => {
      held = true;
      onMore(/** @type {string} */ (tap.dataset.tap));
    }, HELD_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(name, () => clearTimeout(holding));
  element.addEventListener("scroll", () => clearTimeout(holding), { passive: true, capture: true });
  element.addEventListener("keydown", () => (held = false));
  element.addEventListener("contextmenu", (event) => closest(event, "tap") && event.preventDefault());

  return {
    update,
    /** Show this at once, whatever the hand does. @param {Part[]} wanted */
    now(wanted) {
      later = () => show(wanted);
      show(wanted);
    },
    /** All anew: the language changed. */
    reset() {
      rows.clear();
      shown.clear();
      parts.clear();
      element.replaceChildren();
      clearTimeout(rest);
      rest = undefined;
    },
  };
}

/** The children in this order, moved only where it differs. @param {HTMLElement} parent @param {HTMLElement[]} wanted */
function order(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

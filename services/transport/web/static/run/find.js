// Search: from the second letter over this list; with network over everybody, for who is not on it.

import { createSearch } from "../../search.js";
import { h, icon, one, put, refill } from "./dom.js";

const SOON_MS = 250;
const MOST = 12;

/**
 * @param {{
 *   model: import("./model.js").Model, words: import("./words.js").Words, url: string,
 *   onFilter: (persons: Set<string> | null) => void, onTake: (person: any) => void,
 * }} parts
 */
export function createFind({ model, words, url, onFilter, onTake }) {
  const { t } = words;
  const input = /** @type {HTMLInputElement} */ (one("[data-search]"));
  const others = one("[data-others]");
  const status = one("[data-found]");
  /** @type {any} */
  let of = null;
  /** @type {ReturnType<typeof createSearch> | null} */
  let search = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let asked = 0;
  /** @type {any[]} */
  let found = [];

  /** Names do not change with each tap: the search is made anew when people come or go. */
  function searchNow() {
    const { sheet } = model;
    const who = sheet.persons.map((/** @type {any} */ row) => row.person).join();
    if (!search || of !== who) {
      search = createSearch(sheet.persons);
      of = who;
    }
    return search;
  }

  function update() {
    const text = input.value.trim();
    input.parentElement?.toggleAttribute("data-filled", input.value.length > 0);
    if (text.length < 2 || !model.sheet?.persons) {
      found = [];
      others.hidden = true;
      put(status, "");
      onFilter(null);
      clearTimeout(soon);
      return;
    }
    const here = searchNow().find(text, MOST).map((/** @type {any} */ row) => row.person);
    onFilter(new Set(here));
    put(status, words.n("n_found", here.length));
    showOthers();
    clearTimeout(soon);
    soon = setTimeout(() => ask(text), SOON_MS);
  }

  /** @param {string} text */
  async function ask(text) {
    const mine = ++asked;
    try {
      const answer = await fetch(`${url}?q=${encodeURIComponent(text)}&limit=${MOST}`, { headers: { Accept: "application/json" } });
      if (mine !== asked || !answer.ok) return;
      const { persons } = await answer.json();
      if (mine !== asked || input.value.trim() !== text) return;
      found = persons;
    } catch {
      found = []; // without network this list is all there is; the line below says so
    }
    showOthers();
  }

  function showOthers() {
    const known = new Set(model.sheet.persons.map((/** @type {any} */ row) => row.person));
    const strangers = found.filter((one) => !known.has(one.person));
    others.hidden = false;
    refill(others, [
      h("h2", { class: "part-head" }, h("span", { class: "part-title" }, t("not_on_list"))),
      strangers.length
        ? h("ul", {}, ...strangers.map(line))
        : h("p", { class: "soft others-none" }, t(navigator.onLine ? "others_none" : "others_offline")),
    ]);
  }

  /** @param {any} person */
  const line = (person) =>
    h("li", { class: "row", "data-look": "stranger" },
      h("button", { type: "button", class: "tap", "data-f": `other:${person.person}`, onclick: () => take(person) }, h("span", { class: "sign", "aria-hidden": "true" }, icon("people")), h("span", { class: "who" }, h("strong", {}, person.name), h("span", { class: "about" }, [person.organisation, t("take_walk_on")].filter(Boolean).join(" · ")))));

  /** @param {any} person */
  function take(person) {
    onTake(person);
    clear();
  }

  function clear() {
    input.value = "";
    update();
    input.focus({ preventScroll: true });
  }

  input.addEventListener("input", update);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
  one("[data-search-clear]").addEventListener("click", clear);
  return {
    /** The list changed: what was found may have, too. */
    update: () => input.value.trim().length >= 2 && update(),
    /** A name was picked. */
    picked: () => input.value && clear(),
    get active() {
      return input.value.trim().length >= 2;
    },
  };
}

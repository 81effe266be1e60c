// What the page says, in both languages, and times as the event's town reads them. The language is this phone's choice.

const COOKIE = "inloop_language";
const YEAR_S = 365 * 24 * 3600;

/** @typedef {"nl" | "en"} Language */

/**
 * @param {{words: Record<Language, Record<string, string>>, language: Language, zone: string}} config
 */
export function createWords({ words, language: first, zone }) {
  let language = chosenBefore() ?? first;
  const times = new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  /** @type {Set<() => void>} */
  const listeners = new Set();

  /** @param {string} key @param {Record<string, any>} [values] */
  const t = (key, values) => {
    const text = words[language][key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")) : text;
  };

  /** Words of elements that the page came with. */
  function showStatic() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(/** @type {HTMLElement} */ (element).dataset.t ?? "");
    for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(/** @type {HTMLElement} */ (element).dataset.tLabel ?? ""));
    for (const element of document.querySelectorAll("[data-t-hint]")) element.setAttribute("placeholder", t(/** @type {HTMLElement} */ (element).dataset.tHint ?? ""));
  }

  return {
    t,
    get language() {
      return language;
    },
    showStatic,
    /** One of two texts of the service. @param {{nl: string, en: string} | null | undefined} text */
    of: (text) => (text ? text[language] : ""),
    /** For one or for many: `key_one` and `key`. @param {string} key @param {number} n @param {Record<string, any>} [values] */
    n: (key, n, values = {}) => t(n === 1 ? `${key}_one` : key, { n, ...values }),
    /** The time of day: 11.42, in English 11:42. @param {string | number | null | undefined} at */
    clock(at) {
      if (at === null || at === undefined) return "";
      const text = times.format(typeof at === "string" ? Date.parse(at) : at);
      return language === "nl" ? text.replaceAll(":", ".") : text;
    },
    /** @param {Language} chosen */
    choose(chosen) {
      language = chosen;
      document.cookie = `${COOKIE}=${chosen}; path=/; max-age=${YEAR_S}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
      showStatic();
      for (const listener of listeners) listener();
    },
    /** @param {() => void} listener */
    listen: (listener) => void listeners.add(listener),
  };
}

/** @typedef {ReturnType<typeof createWords>} Words */

/** The cookie is this phone's memory; a page from the cache may be in the other language. @returns {Language | null} */
function chosenBefore() {
  const found = document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=(nl|en)`));
  return /** @type {Language | null} */ (found ? found[1] : null);
}

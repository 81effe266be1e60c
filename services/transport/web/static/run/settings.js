// How this phone is set: the hand that holds it, light or dark, the order of the list, and who holds it.

const KEYS = { hand: "inloop-hand", theme: "inloop-theme", sort: "inloop-run-sort", name: "inloop-own-name" };

/** @param {keyof typeof KEYS} name */
function read(name) {
  try {
    return localStorage.getItem(KEYS[name]) ?? "";
  } catch {
    return ""; // storage is closed in this browser
  }
}

/** @param {keyof typeof KEYS} name @param {string} value */
function write(name, value) {
  try {
    if (value) localStorage.setItem(KEYS[name], value);
    else localStorage.removeItem(KEYS[name]);
  } catch {
    // for this page only, then
  }
}

export function createSettings() {
  const root = document.documentElement;
  const now = { hand: read("hand") === "left" ? "left" : "right", sort: read("sort") === "organisation" ? "organisation" : "name", name: read("name") };
  document.body.dataset.hand = now.hand;
  return {
    get hand() {
      return now.hand;
    },
    set hand(value) {
      now.hand = value;
      document.body.dataset.hand = value;
      write("hand", value);
    },
    get theme() {
      return root.dataset.theme ?? "system";
    },
    set theme(value) {
      if (value === "system") delete root.dataset.theme;
      else root.dataset.theme = value;
      write("theme", value === "system" ? "" : value);
    },
    /** @returns {"name" | "organisation"} */
    get sort() {
      return /** @type {"name"} */ (now.sort);
    },
    set sort(value) {
      now.sort = value;
      write("sort", value);
    },
    /** Who holds this phone, as acts say it. */
    get name() {
      return now.name;
    },
    set name(value) {
      now.name = value;
      write("name", value);
    },
    /** Somebody signs out: their name goes with them. */
    forget: () => write("name", (now.name = "")),
  };
}

/** @typedef {ReturnType<typeof createSettings>} Settings */

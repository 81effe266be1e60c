// The top half: who do I still wait for, and how is the run; whether it is live, and what is not sent yet.

import { one, put, set } from "./dom.js";

const MINUTE_MS = 60_000;

/** @param {{words: import("./words.js").Words, clock: import("./clock.js").Clock, model: import("./model.js").Model}} parts */
export function createHead({ words, clock, model }) {
  const { t } = words;
  const score = one("[data-score]");
  const found = new Map(["aboard", "listed", "to_come"].map((name) => [name, one(`[data-n="${name}"]`)]));
  const element = (/** @type {string} */ name) => /** @type {HTMLElement} */ (found.get(name));
  let link = "connecting";
  /** @type {number | null} */
  let since = null;

  /** @param {any} sheet */
  function showNumbers({ numbers, state, persons }) {
    const gone = state === "arrived" || state === "closed";
    const all = gone ? numbers.arrived + numbers.unconfirmed + numbers.aboard : numbers.aboard + numbers.to_come;
    const seen = gone && model.over ? all : gone && persons ? persons.filter((/** @type {any} */ row) => row.state === "arrived" && row.how !== "implied").length : numbers.aboard;
    put(element("aboard"), String(seen));
    put(element("listed"), String(all));
    put(one("[data-unit]"), t(gone ? "seen_there" : "aboard_unit"));
    put(element("to_come"), waiting(numbers, state));
    const lacks = state === "departed" ? numbers.left_behind > 0 : gone && numbers.unconfirmed > 0;
    set(element("to_come"), "lacks", String(lacks));
    const meter = /** @type {HTMLProgressElement} */ (one("[data-meter]"));
    if (meter.max !== Math.max(1, all)) meter.max = Math.max(1, all);
    meter.value = seen;
    set(score, "done", String(all > 0 && seen >= all));
  }

  /** @param {any} numbers @param {string} state */
  function waiting(numbers, state) {
    if (state === "departed") return numbers.left_behind ? words.n("n_left_behind", numbers.left_behind) : t("nobody_left");
    if (state === "arrived" || state === "closed") return numbers.unconfirmed ? words.n("n_unconfirmed", numbers.unconfirmed) : "";
    return numbers.to_come ? words.n("n_to_come", numbers.to_come) : numbers.aboard ? t("all_aboard") : "";
  }

  /** @param {any} sheet */
  function factsOf({ numbers, state }) {
    const boards = !["departed", "arrived", "closed", "cancelled"].includes(state);
    return [
      boards && numbers.free !== null && t("n_free", { n: numbers.free }),
      boards && numbers.wheelchairs > 0 && words.n("n_wheel", numbers.wheelchairs_free),
      numbers.nameless > 0 && t("n_nameless", { n: numbers.nameless }),
      numbers.provisional > 0 && t("n_provisional", { n: numbers.provisional }),
      numbers.difference && t("n_difference", { n: numbers.difference > 0 ? `+${numbers.difference}` : `−${-numbers.difference}` }),
    ].filter(Boolean).join(" · ");
  }

  /** @param {any} sheet */
  function showTime({ state, times }) {
    const time = one("[data-when]");
    const chip = one("[data-chip]");
    set(document.body, "state", state);
    put(chip, t(`state_${state}`));
    const next = state === "departed" ? "arrive" : ["planned", "boarding", "last_call", "halted"].includes(state) ? "depart" : null;
    if (!next) {
      const real = state === "arrived" || state === "closed" ? times.arrive.real : null;
      put(time, real ? words.clock(real) : "");
      return;
    }
    const at = Date.parse(times[next].estimated ?? times[next].planned);
    const left = Math.round((at - clock.now()) / MINUTE_MS);
    put(time, `${t(`at_${next}`, { at: words.clock(at) })} · ${left > 0 ? t("in_minutes", { n: left }) : left === 0 ? t("right_now") : t("minutes_late", { n: -left })}`);
    set(time, "late", String(left < 0));
    set(time, "soon", String(left >= 0 && left <= 2));
  }

  function showLink() {
    const badge = one("[data-link]");
    set(badge, "link", link);
    put(badge.lastElementChild, link === "offline" && since !== null ? t("link_offline_since", { at: words.clock(since) }) : t(`link_${link}`));
    const unsent = model.unsent();
    const box = one("[data-unsent]");
    set(box, "unsent", String(unsent));
    put(box.lastElementChild, t("n_unsent", { n: unsent }));
    const trouble = one("[data-trouble]");
    const bad = link === "signed-out" || link === "forbidden" || link === "trouble";
    trouble.hidden = !bad;
    if (bad) {
      put(trouble.firstElementChild, t(`trouble_${link}`));
      /** @type {HTMLElement} */ (trouble.lastElementChild).hidden = link !== "signed-out";
    }
  }

  function show() {
    const { sheet } = model;
    showLink();
    if (!sheet) return;
    put(one("[data-name]"), sheet.name);
    put(one("[data-kerb]"), sheet.kerb);
    put(one("[data-to]"), sheet.destination.name);
    showNumbers(sheet);
    put(one("[data-facts]"), factsOf(sheet));
    showTime(sheet);
  }

  return {
    show,
    /** @param {string} how */
    reached(how) {
      const now = how === "ok" ? "live" : how;
      if (now !== link) since = now === "offline" ? clock.now() : null;
      link = now;
      showLink();
    },
    /** Each second: what the clock changes, and the title, which is slow to set. */
    tick() {
      const { sheet } = model;
      if (!sheet) return;
      showTime(sheet);
      const title = `${sheet.name} · ${sheet.numbers.aboard}/${sheet.numbers.aboard + sheet.numbers.to_come}`;
      if (document.title !== title) document.title = title;
    },
    get link() {
      return link;
    },
  };
}

/** @typedef {ReturnType<typeof createHead>} Head */

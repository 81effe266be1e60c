// A person in a dialog: who, where last, a telephone one tap away, and the chips that settle them.

import { button, h, icon } from "./dom.js";

const REASONS = ["own-travel", "away", "stays"];

/** @param {{words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands}} parts */
export function createPeople({ words, model, hands }) {
  const { t } = words;
  /** @type {string | null} whose other runs are shown */
  let choosing = null;

  /** @param {any} row */
  const lastSeen = (row) => {
    const place = row.last_place_name;
    return place ? t("last_seen", { place, at: words.clock(row.last_at) }) : t("not_seen_today");
  };

  /** @param {any} row */
  const call = (row) =>
    row.phone
      ? h("a", { class: "call", href: `tel:${row.phone.replace(/[^+0-9]/g, "")}`, "aria-label": t("call_who", { name: row.name }), "data-f": `call:${row.person}` }, icon("phone"), h("span", {}, t("call")))
      : null;

  /** @param {any} row @param {string} [why] @param {boolean} [phone] */
  const line = (row, why, phone = true) =>
    h(
      "div",
      { class: "person" },
      h("div", { class: "person-who" }, h("strong", {}, row.name || t("nameless_person")), h("span", { class: "soft" }, [row.organisation, lastSeen(row)].filter(Boolean).join(" · ")), why ? h("span", { class: "why" }, why) : null, row.wheelchair ? h("span", { class: "tag" }, icon("wheel"), t("wheelchair")) : null),
      phone && call(row),
    );

  /** What settles somebody who is still to come. @param {any} row @param {() => void} update */
  function settle(row, update) {
    if (choosing === row.person) return runs(row, update);
    return h(
      "div",
      { class: "chips" },
      button("chip yes", t("is_aboard"), () => hands.board(row.person), { icon: "check", key: `board:${row.person}` }),
      ...REASONS.map((why) => button("chip", t(`chip_${why}`), () => hands.excuse(row.person, why), { key: `${why}:${row.person}` })),
      button("chip", t("chip_other-run"), () => ((choosing = row.person), update()), { key: `other:${row.person}` }),
    );
  }

  /** The next runs that have a seat. @param {any} row @param {() => void} update */
  function runs(row, update) {
    const next = model.sheet.next ?? [];
    const back = button("chip", t("back"), () => ((choosing = null), update()), { icon: "undo", key: `back:${row.person}` });
    const choices = next.map((/** @type {any} */ run) =>
      button("chip", t("run_free", { run: run.name, at: words.clock(run.depart), n: run.free ?? "?" }), () => {
        choosing = null;
        hands.excuse(row.person, "other-run", run.run, run.name);
      }, { icon: "bus", key: `run:${run.run}:${row.person}`, disabled: run.free === 0 || (row.wheelchair && run.wheelchairs_free === 0) }),
    );
    return h("div", { class: "chips" }, ...(choices.length ? choices : [h("span", { class: "soft" }, t("no_next_run"))]), back);
  }

  /** What settles somebody who was left behind, or whom nobody saw arrive. @param {any} row */
  const found = (row) =>
    h(
      "div",
      { class: "chips" },
      button("chip yes", t("is_here", { place: model.sheet.destination.name }), () => hands.here(row.person, model.sheet.destination), { icon: "check", key: `here:${row.person}` }),
      row.state === "left-behind" && button("chip", t("is_here", { place: model.sheet.origin.name }), () => hands.excuse(row.person, "stays"), { key: `stays:${row.person}` }),
      button("chip", t("chip_own-travel"), () => hands.excuse(row.person, "own-travel"), { key: `own:${row.person}` }),
      button("chip", t("chip_away"), () => hands.excuse(row.person, "away"), { key: `away:${row.person}` }),
    );

  return { line, call, settle, found, lastSeen, runs };
}

/** @typedef {ReturnType<typeof createPeople>} People */

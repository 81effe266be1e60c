// One person: who they are, how to reach them, where they were last, and what can be said of them.

import { button, h, icon, refill } from "./dom.js";
import { WAITED_FOR } from "./letters.js";

/** @param {{words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands, people: import("./people.js").People, close: () => void}} parts */
export function personView({ words, model, hands, people, close }) {
  const { t } = words;

  /** @param {any} row */
  const reasonOf = (row) => (row.excuse ? t(`why_${row.excuse.why}`, { run: row.excuse.to ?? "" }) : row.state === "excused" ? t("why_away") : "");

  /** @param {any} row */
  function facts(row) {
    const how = row.how ? t(`how_${row.how}`) : "";
    const state = [t(`letter_${row.letter}`), row.at && row.state !== "listed" ? words.clock(row.at) : "", how].filter(Boolean).join(" · ");
    /** @type {[string, string][]} */
    const lines = [
      [t("fact_state"), [state, reasonOf(row)].filter(Boolean).join(" · ")],
      [t("fact_last"), people.lastSeen(row)],
      [t("fact_organisation"), row.organisation],
      [t("fact_needs"), [row.wheelchair ? t("wheelchair") : "", row.needs].filter(Boolean).join(" · ")],
      [t("fact_together"), row.together],
      [t("fact_row"), row.row ? String(row.row) : ""],
    ];
    return h("dl", { class: "facts" }, ...lines.filter(([, text]) => text).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
  }

  /** @param {any} row @param {() => void} update */
  function actions(row, update) {
    const { state } = model.sheet;
    if (row.state === "aboard") {
      return h("div", { class: "chips" },
        button("chip", t("is_off"), () => hands.unboard(row.person), { icon: "back", key: "off" }),
        button("chip", t("chip_away"), () => hands.excuse(row.person, "away"), { icon: "out", key: "away" }));
    }
    if (WAITED_FOR.has(row.letter)) return people.settle(row, update);
    if (row.state === "excused") {
      return h("div", { class: "chips" }, button("chip yes", t("is_aboard"), () => hands.board(row.person), { icon: "check", key: "board" }),
        (row.excuse?.act || row.act) && button("chip", t("undo"), () => hands.undo(row.excuse?.act ?? row.act, row.person), { icon: "undo", key: "undo" }));
    }
    if (state === "departed") {
      return h("div", {}, h("div", { class: "chips" }, button("chip yes", t("is_aboard_after_all"), () => hands.board(row.person), { icon: "check", key: "board" })), people.found(row));
    }
    return people.found(row);
  }

  /** @param {string} person @returns {import("./dialog.js").View} */
  return (person) => ({
    name: "person",
    title: () => hands.rowOf(person)?.name ?? "",
    build(body, foot) {
      const about = h("div", {});
      const act = h("div", { class: "acts" });
      body.append(about, act);
      foot.append(button("secondary", t("done"), close, { key: "done" }));
      const update = () => {
        const row = hands.rowOf(person);
        if (!row) return close();
        refill(about, [row.phone ? h("a", { class: "call wide", href: `tel:${row.phone.replace(/[^+0-9]/g, "")}`, "data-f": "call" }, icon("phone"), h("span", {}, `${t("call")} ${row.phone}`)) : null, facts(row)]);
        refill(act, [actions(row, update)]);
      };
      return update;
    },
  });
}

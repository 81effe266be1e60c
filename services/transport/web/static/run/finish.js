// At the destination: everybody got off, the missing are settled, somebody walked to the back of the coach; then it is over.

import { button, h, icon, refill } from "./dom.js";

const UNSETTLED = new Set(["left-behind", "unconfirmed", "listed", "off"]);

/**
 * @param {{
 *   words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands,
 *   people: import("./people.js").People, step: (name: string, members: any) => void, alight: () => void,
 * }} parts
 */
export function finishView({ words, model, hands, people, step, alight }) {
  const { t } = words;

  /** @returns {import("./dialog.js").View} */
  return () => {
    let isEmpty = false;
    let reason = "";

    /** @param {any} sheet */
    const unseen = (sheet) => sheet.persons?.filter((/** @type {any} */ row) => (row.letter === "i" && row.how === "implied") || row.letter === "j") ?? [];

    /** @param {any} sheet */
    function gotOff(sheet) {
      const rows = unseen(sheet);
      return h("section", { class: "step-part" }, h("h3", {}, t("got_off")),
        rows.length ? h("p", { class: "soft" }, words.n("n_not_seen", rows.length)) : h("p", { class: "fine" }, t("all_seen")),
        rows.length > 0 && button("secondary wide", t("all_got_off"), alight, { icon: "check", key: "alight" }));
    }

    /** @param {any} sheet */
    function open(sheet) {
      const rows = (sheet.persons ?? []).filter((/** @type {any} */ row) => UNSETTLED.has(row.state));
      if (!rows.length) return null;
      return h("section", { class: "step-part" }, h("h3", {}, words.n("settle_each", rows.length)),
        h("ul", {}, ...rows.map((/** @type {any} */ row) => h("li", { class: "open" }, people.line(row, t(`letter_${row.letter}`)), people.found(row)))));
    }

    /** @param {any} sheet */
    const differs = (sheet) => Boolean(sheet.numbers.difference) && !sheet.numbers.settled;

    /** @param {any} sheet */
    function difference(sheet) {
      const n = sheet.numbers.difference;
      const input = h("input", { type: "text", id: "settle", maxlength: "300", value: reason, oninput: () => ((reason = input.value), (go.disabled = !reason.trim())) });
      const go = button("secondary wide", t("settle_difference"), () => model.act("settle", { reason: reason.trim() }), { key: "settle", disabled: !reason.trim() });
      return h("section", { class: "step-part" }, h("h3", {}, t("difference_left", { n: n > 0 ? `+${n}` : `−${-n}` })), h("label", { for: "settle" }, t("difference_why")), input, go);
    }

    return {
      name: "finish",
      title: () => t("finish_title", { run: model.sheet.name }),
      build(body, foot) {
        const [people_, settle_] = [h("div", {}), h("div", {})];
        const box = h("input", { type: "checkbox", id: "empty", checked: isEmpty, onchange: () => ((isEmpty = box.checked), update()) });
        const check = h("label", { class: "tick", for: "empty" }, box, h("span", { class: "tick-box", "aria-hidden": "true" }, icon("check")), h("span", {}, h("strong", {}, t("walked_back")), h("span", { class: "soft" }, t("walked_back_line"))));
        body.append(people_, settle_, h("section", { class: "step-part" }, check));
        const update = () => {
          const { sheet } = model;
          if (sheet.state !== "arrived") return;
          refill(people_, [gotOff(sheet), open(sheet)]);
          if (!differs(sheet)) settle_.replaceChildren();
          else if (!settle_.firstChild) settle_.append(difference(sheet));
          const waits = (sheet.persons ?? []).some((/** @type {any} */ row) => UNSETTLED.has(row.state)) || differs(sheet);
          refill(foot, [
            waits ? h("p", { class: "soft" }, t("settle_first")) : null,
            button("primary wide", t("close_run"), () => step("close", { empty: true }), { icon: "flag", key: "close-run", disabled: waits || !isEmpty }),
          ]);
        };
        return update;
      },
    };
  };
}

// The gate before departure: counted by hand, the difference explained, everybody who is missing settled; or somebody
// decides by name and with a reason.

import { button, h, refill } from "./dom.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "wipe", "0", "ok"];

/**
 * @param {{
 *   words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands,
 *   people: import("./people.js").People, settings: {name: string}, depart: (members: any) => void,
 * }} parts
 */
export function gateView({ words, model, hands, people, settings, depart }) {
  const { t } = words;

  /** @returns {import("./dialog.js").View} */
  return () => {
    let typed = "";
    let counting = model.sheet.gate.counted === null;
    let overriding = false;
    /** @type {any} what somebody typed stays when the language changes */
    const decided = { by: settings.name, reason: "" };

    /** @param {string} key @param {() => void} update */
    function press(key, update) {
      if (key === "wipe") typed = typed.slice(0, -1);
      else if (key === "ok") {
        if (typed) model.act("count", { counted: Number(typed) });
        counting = !typed;
        typed = "";
      } else if (typed.length < 3) typed = (typed + key).replace(/^0+(?=\d)/, "");
      update();
    }

    /** @param {() => void} update */
    const keypad = (update) =>
      h(
        "div",
        { class: "keypad" },
        h("p", { class: "count-hint" }, t("walk_and_count")),
        h("output", { class: "counted", "aria-label": t("counted_by_hand") }, typed || "–"),
        h(
          "div",
          { class: "keys" },
          ...KEYS.map((key) =>
            key === "ok"
              ? button("key ok", t("counted_ok"), () => press(key, update), { key: "key:ok", disabled: !typed })
              : key === "wipe"
                ? button("key", "⌫", () => press(key, update), { key: "key:wipe", label: t("wipe") })
                : button("key", key, () => press(key, update), { key: `key:${key}` }),
          ),
        ),
      );

    /** @param {any} sheet @param {() => void} update */
    function sum({ gate, numbers }, update) {
      const known = gate.aboard + gate.nameless;
      const kinds = [t("n_scanned", { n: numbers.scanned }), t("n_manual", { n: numbers.manual }), gate.nameless ? t("n_nameless", { n: gate.nameless }) : ""];
      const sign = gate.difference > 0 ? `+${gate.difference}` : gate.difference < 0 ? `−${-gate.difference}` : "✓";
      const part = (/** @type {string} */ number, /** @type {string} */ name, look = "") => h("div", { class: `sum-part ${look}` }, h("span", { class: "big" }, number), h("span", { class: "soft" }, name));
      return h(
        "div",
        { class: "sum", "data-fits": String(gate.difference === 0) },
        h("div", { class: "sum-line" }, part(String(gate.counted), t("counted")), h("span", { class: "sum-sign" }, "−"), part(String(known), t("known")), h("span", { class: "sum-sign" }, "="), part(sign, t(gate.difference === 0 ? "it_fits" : "difference"), "sum-result")),
        h("div", { class: "sum-foot" }, h("span", { class: "soft" }, kinds.filter(Boolean).join(" · ")), button("chip", t("count_again"), () => ((counting = true), update()), { icon: "undo", key: "again" })),
      );
    }

    /** Counted 48, known 47: who? @param {any} sheet */
    function who({ gate }) {
      if (!gate.difference) return null;
      const more = gate.difference > 0;
      const known = gate.aboard + gate.nameless;
      const lines = gate.likely.map((/** @type {any} */ one) => {
        const row = hands.rowOf(one.person);
        return row && h("li", { class: "likely" }, people.line(row, why(one), false), more
          ? button("chip yes", t("is_aboard"), () => hands.board(row.person), { icon: "check", key: `likely:${row.person}` })
          : button("chip", t("is_off"), () => hands.unboard(row.person), { icon: "back", key: `likely:${row.person}` }));
      });
      return h(
        "section",
        { class: "who-part" },
        h("h3", {}, t(more ? "who_more" : "who_fewer", { counted: gate.counted, known })),
        h("ul", {}, ...lines.filter(Boolean)),
        more && h("div", { class: "chips" }, button("chip", t("one_nameless"), () => hands.nameless(1), { icon: "people", key: "nameless" })),
      );
    }

    /** @param {any} one */
    const why = (one) => (one.why ? words.of(one.why) : `${t(`likely_${one.code}`)}${one.mates ? `; ${t("likely_mates", { n: one.mates })}` : ""}`);

    /** @param {any} sheet @param {() => void} update */
    function missing({ gate }, update) {
      const rows = gate.to_settle.map(hands.rowOf).filter(Boolean);
      if (!rows.length) return h("p", { class: "fine" }, t("all_settled"));
      return h("section", {}, h("h3", {}, words.n("settle_each", rows.length)), h("ul", {}, ...rows.map((/** @type {any} */ row) => h("li", { class: "open" }, people.line(row), people.settle(row, update)))));
    }

    /** @param {any} sheet @param {() => void} update */
    function decide({ gate }, update) {
      if (gate.open) return [button("primary wide", t("depart_now"), () => depart({ counted: gate.counted }), { icon: "bus", key: "depart" })];
      const open = [gate.counted === null && t("open_count"), gate.difference && t("open_difference"), gate.to_settle.length && words.n("open_settle", gate.to_settle.length)];
      return [
        h("p", { class: "soft" }, t("open_first", { what: open.filter(Boolean).join(", ") })),
        overriding ? null : button("secondary wide", t("depart_anyway"), () => ((overriding = true), update()), { key: "anyway" }),
      ];
    }

    /** @param {any} sheet */
    function override({ gate }) {
      const by = h("input", { type: "text", id: "by", autocomplete: "name", maxlength: "100", value: decided.by, oninput: () => ((decided.by = by.value), check()) });
      const reason = h("input", { type: "text", id: "reason", maxlength: "300", value: decided.reason, oninput: () => ((decided.reason = reason.value), check()) });
      const go = button("primary wide danger", t("depart_with_reason"), () => depart({ counted: model.sheet.gate.counted ?? undefined, by: decided.by.trim(), reason: decided.reason.trim() }), { icon: "bus", key: "override" });
      const check = () => (go.disabled = !(decided.by.trim() && decided.reason.trim()));
      check();
      return h("div", { class: "override" }, h("label", { for: "by" }, t("who_decides")), by, h("label", { for: "reason" }, t("why_anyway")), reason, go);
    }

    let update = () => {};
    return {
      name: "gate",
      onKey(event) {
        const key = event.key === "Backspace" ? "wipe" : event.key;
        if (counting && KEYS.includes(key) && key !== "ok" && !(event.target instanceof HTMLInputElement)) press(key, update);
      },
      title: () => t("gate_title", { run: model.sheet.name }),
      build(body, foot) {
        const count = h("div", {});
        const rest = h("div", {});
        const verdict = h("div", { class: "stack" });
        const form = h("div", {});
        body.append(count, rest);
        foot.append(verdict, form);
        update = () => {
          const { sheet } = model;
          if (!["boarding", "last_call"].includes(sheet.state)) return;
          refill(count, [counting ? keypad(update) : sum(sheet, update)]);
          refill(rest, counting ? [] : [who(sheet), missing(sheet, update)]);
          refill(verdict, counting ? [] : decide(sheet, update));
          if (sheet.gate.open || counting) {
            form.replaceChildren();
            overriding = overriding && !sheet.gate.open;
          } else if (overriding && !form.firstChild) form.append(override(sheet));
        };
        return update;
      },
    };
  };
}

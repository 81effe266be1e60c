// Count only: for a coach without a reader, people without names. Two keys that a glove finds, or a number and a leader.

import { button, h, put, refill } from "./dom.js";

/** @param {{words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands, close: () => void}} parts */
export function countView({ words, model, hands, close }) {
  const { t } = words;

  /** @returns {import("./dialog.js").View} */
  return () => {
    let size = 2;
    let leader = "";
    return {
      name: "count",
      title: () => t("count_title"),
      build(body, foot) {
        const number = h("output", { class: "nameless", "aria-live": "polite" });
        const about = h("p", { class: "soft count-hint" });
        const keys = h(
          "div",
          { class: "two-keys" },
          button("key minus", "−1", () => model.sheet.numbers.nameless > 0 && hands.nameless(-1), { key: "minus", label: t("one_less") }),
          button("key plus", "+1", () => hands.nameless(1), { key: "plus", label: t("one_more") }),
        );
        const many = h("output", { class: "many" });
        const name = h("input", { type: "text", id: "leader", autocomplete: "off", maxlength: "100", value: leader, oninput: () => (leader = name.value) });
        const group = h(
          "section",
          { class: "step-part" },
          h("h3", {}, t("a_group")),
          h("div", { class: "stepper" },
            button("key small", "−", () => ((size = Math.max(1, size - 1)), update()), { key: "fewer", label: t("fewer") }),
            many,
            button("key small", "+", () => ((size = Math.min(99, size + 1)), update()), { key: "more", label: t("more_of_them") })),
          h("label", { for: "leader" }, t("group_leader")),
          name,
          button("secondary wide", t("add_group"), () => {
            hands.nameless(size, leader.trim());
            leader = name.value = "";
          }, { icon: "people", key: "add" }),
        );
        body.append(h("div", { class: "counting" }, number, about, keys), group);
        refill(foot, [button("primary wide", t("done"), close, { key: "done" })]);
        const update = () => {
          const { numbers } = model.sheet;
          put(number, String(numbers.nameless));
          put(about, t("nameless_line", { all: numbers.aboard + numbers.nameless }));
          put(many, String(size));
        };
        return update;
      },
    };
  };
}

// A breakdown in one action: which coach takes the run over (K). One of the day, or one that nobody had planned.

import { button, h } from "./dom.js";

/**
 * @param {{
 *   words: import("./words.js").Words, model: import("./model.js").Model,
 *   take: (step: string, members: any) => void,
 * }} parts
 */
export function replaceView({ words, model, take }) {
  const { t } = words;

  /** @returns {import("./dialog.js").View} */
  return () => {
    const typed = { name: "", seats: "", wheelchairs: "0", plate: "" };

    /** @param {any} coach */
    const known = (coach) =>
      button("coach", "", () => take("replace", { coach: coach.coach }), { key: `coach:${coach.coach}`, label: `${coach.name}, ${t("n_seats", { n: coach.seats })}` });

    /** @param {any} coach */
    function card(coach) {
      const element = known(coach);
      element.append(h("strong", {}, coach.name), h("span", { class: "soft" }, [t("n_seats", { n: coach.seats }), coach.wheelchairs ? words.n("n_wheels", coach.wheelchairs) : "", coach.plate].filter(Boolean).join(" · ")));
      return element;
    }

    /** @param {keyof typeof typed} key @param {string} kind @param {() => void} check */
    function field(key, kind, check) {
      const input = h("input", { type: "text", inputmode: kind, id: `coach-${key}`, value: typed[key], maxlength: "60", autocomplete: "off" });
      input.addEventListener("input", () => {
        typed[key] = input.value.trim();
        check();
      });
      return h("div", { class: "field" }, h("label", { for: `coach-${key}` }, t(`coach_${key}`)), input);
    }

    return {
      name: "replace",
      title: () => t("replace_title"),
      build(body, foot) {
        const go = button("primary wide", t("yes_replace"), () => take("replace", { coach: { name: typed.name, seats: Number(typed.seats), wheelchairs: Number(typed.wheelchairs) || 0, plate: typed.plate } }), { key: "yes" });
        const check = () => (go.disabled = !(typed.name && /^\d{1,3}$/.test(typed.seats)));
        check();
        const others = model.sheet.coaches ?? [];
        body.append(
          h("p", { class: "ask" }, t("replace_line", { n: model.sheet.numbers.aboard })),
          ...(others.length ? [h("h3", {}, t("replace_known")), h("div", { class: "coaches" }, ...others.map(card))] : []),
          h("h3", {}, t("replace_other")),
          h("div", { class: "fields" }, field("name", "text", check), field("seats", "numeric", check), field("wheelchairs", "numeric", check), field("plate", "text", check)),
        );
        foot.append(go);
        return () => {};
      },
    };
  };
}

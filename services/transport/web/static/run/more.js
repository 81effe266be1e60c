// What is needed less often: the log, a delay, trouble on the way, and how this phone is set.

import { button, h, icon, refill } from "./dom.js";
import { allows, reopens } from "./letters.js";

const LATER_MIN = [2, 5, 10];

/**
 * @param {{
 *   words: import("./words.js").Words, model: import("./model.js").Model, keep: import("./keep.js").Keep,
 *   clock: import("./clock.js").Clock, steps: import("./steps.js").Steps, settings: import("./settings.js").Settings,
 *   tones: any, show: Record<string, () => void>, signOut: () => void, close: () => void, say: (text: string, more?: any) => void,
 * }} parts
 */
export function moreView({ words, model, clock, steps, settings, tones, show, signOut, say, close }) {
  const { t } = words;

  /** @param {string} key @param {string} picture @param {() => void} act */
  const item = (key, picture, act) => button("item", t(key), act, { icon: picture, key });

  /** @param {any} sheet */
  function runItems(sheet) {
    return [
      item("log_title", "undo", show.log),
      sheet.state === "last_call" && item("last_call_title", "people", show.lastCall),
      sheet.state === "boarding" && allows(sheet, "depart") && item("do_depart", "bus", () => steps.ask.depart()),
      reopens(sheet, clock.now()) && allows(sheet, "reopen") && item("do_reopen", "undo", () => steps.ask.reopen()),
      allows(sheet, "halt") && item("do_halt", "tools", () => steps.ask.halt()),
      allows(sheet, "replace") && item("do_replace", "swap", () => steps.ask.replace()),
      allows(sheet, "cancel") && item("do_cancel", "stop", () => steps.ask.cancel()),
      item("share_title", "share", show.share),
    ];
  }

  /** @param {any} sheet */
  function delay(sheet) {
    const name = sheet.state === "departed" ? "arrive" : "depart";
    if (!["planned", "boarding", "last_call", "departed", "halted"].includes(sheet.state)) return null;
    const later = (/** @type {number} */ minutes) => {
      const at = Date.parse(sheet.times[name].estimated ?? sheet.times[name].planned) + minutes * 60_000;
      const { id } = model.act("estimate", { [`${name}_at`]: new Date(at).toISOString() });
      say(t(`done_later_${name}`, { at: words.clock(at) }), { undo: id });
    };
    return h("section", { class: "setting" }, h("h3", {}, t(`later_${name}`)), h("div", { class: "pair" }, ...LATER_MIN.map((n) => button("secondary", t("plus_minutes", { n }), () => later(n), { key: `later:${n}` }))));
  }

  /** One of a few. @param {string} title @param {[string, string][]} choices @param {string} chosen @param {(value: string) => void} choose */
  const choice = (title, choices, chosen, choose) =>
    h("section", { class: "setting", role: "group", "aria-label": title }, h("h3", {}, title),
      h("div", { class: "switch" }, ...choices.map(([value, text]) => button("option", text, () => choose(value), { key: `${title}:${value}`, pressed: value === chosen }))));

  /** @param {() => void} update */
  function settingsOf(update) {
    const onOff = /** @type {[string, string][]} */ ([["on", t("on")], ["off", t("off")]]);
    const set = (/** @type {() => void} */ act) => (act(), update());
    return [
      choice(t("set_language"), [["nl", "Nederlands"], ["en", "English"]], words.language, (value) => words.choose(/** @type {"nl"} */ (value))),
      choice(t("set_hand"), [["left", t("hand_left")], ["right", t("hand_right")]], settings.hand, (value) => set(() => (settings.hand = value))),
      choice(t("set_theme"), [["system", t("theme_system")], ["light", t("theme_light")], ["dark", t("theme_dark")]], settings.theme, (value) => set(() => (settings.theme = value))),
      choice(t("set_sound"), onOff, tones.sound ? "on" : "off", (value) => set(() => (tones.sound = value === "on"))),
      choice(t("set_vibration"), onOff, tones.vibration ? "on" : "off", (value) => set(() => (tones.vibration = value === "on"))),
    ];
  }

  /** @returns {import("./dialog.js").View} */
  return () => ({
    name: "more",
    title: () => model.sheet?.name ?? "",
    build(body, foot) {
      const items = h("div", { class: "items" });
      const times = h("div", {});
      const choices = h("div", {});
      const name = h("input", { type: "text", id: "own-name", autocomplete: "name", maxlength: "100", value: settings.name, oninput: () => (settings.name = name.value.trim()) });
      const coach = h("dl", { class: "facts" });
      body.append(items, times, choices, h("section", { class: "setting" }, h("label", { for: "own-name" }, t("own_name")), name, h("p", { class: "soft small" }, t("own_name_line"))), coach, button("secondary", t("sign_out"), signOut, { key: "sign-out" }));
      foot.append(button("primary wide", t("done"), close, { key: "done" }));
      const update = () => {
        const { sheet } = model;
        if (!sheet) return;
        refill(items, runItems(sheet));
        refill(times, [delay(sheet)]);
        refill(choices, settingsOf(update));
        const { phone } = sheet.coach;
        refill(coach, [
          ...pair(t("coach"), [sheet.coach.name, sheet.coach.plate, sheet.coach.operator].filter(Boolean).join(" · ")),
          ...(phone ? [h("dt", {}, t("driver")), h("dd", {}, h("a", { class: "call", href: `tel:${phone.replace(/[^+0-9]/g, "")}` }, icon("phone"), h("span", {}, phone)))] : []),
        ]);
      };
      return update;
    },
  });
}

/** @param {string} name @param {string} text */
const pair = (name, text) => (text ? [h("dt", {}, name), h("dd", {}, text)] : []);

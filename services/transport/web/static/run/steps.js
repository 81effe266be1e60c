// The one big button: the step that comes next, with the rules of its letter.

import { button, h, one, put } from "./dom.js";
import { allows, nextStep } from "./letters.js";

const REASONS = ["somebody_came", "wrong_tap", "organiser_said"];

/**
 * @param {{
 *   model: import("./model.js").Model, words: import("./words.js").Words, showLastCall: () => void,
 *   dialog: import("./dialog.js").Dialog, views: Record<string, (...args: any[]) => import("./dialog.js").View>,
 *   say: (text: string, more?: any) => void,
 * }} parts
 */
export function createSteps({ model, words, dialog, views, say, showLastCall }) {
  const { t } = words;
  const primary = /** @type {HTMLButtonElement} */ (one("[data-step]"));

  /** @param {string} step @param {any} [members] */
  function take(step, members = {}) {
    const before = model.sheet.state;
    model.act("step", { step, ...members });
    if (model.sheet.state === before && step !== "replace") return say(t("step_kept", { step: t(`step_${step}`) }), { level: "note" });
    dialog.close();
    say(t(`done_step_${step}`, { at: words.clock(model.sheet.times[step]?.real ?? null) || "" }), { level: "step" });
  }

  const ask = {
    open: () => take("open"),
    "last-call"() {
      take("last-call");
      showLastCall();
    },
    depart: () => dialog.show(views.gate()),
    arrive: () => dialog.show(confirm("arrive")),
    close: () => dialog.show(views.finish()),
    resume: () => take("resume"),
    halt: () => dialog.show(confirm("halt", { reason: true, danger: true })),
    cancel: () => dialog.show(confirm("cancel", { reason: true, danger: true })),
    reopen: () => (model.sheet.state === "last_call" ? take("reopen") : dialog.show(confirm("reopen", { choices: REASONS }))),
    replace: () => dialog.show(views.replace()),
  };

  /** A step that is asked for once more, in words. @param {string} step @param {{reason?: boolean, danger?: boolean, choices?: string[]}} [how] @returns {import("./dialog.js").View} */
  function confirm(step, { reason = false, danger = false, choices = [] } = {}) {
    let why = "";
    return {
      name: `confirm-${step}`,
      title: () => t(`ask_${step}`, { place: model.sheet.destination.name }),
      build(body, foot) {
        const go = button(`primary wide${danger ? " danger" : ""}`, t(`yes_${step}`), () => take(step, why ? { reason: why } : {}), { key: "yes" });
        const input = h("input", { type: "text", id: "why", maxlength: "300", value: why, oninput: () => choose(input.value) });
        const chips = choices.map((choice) => button("chip", t(`reason_${choice}`), () => choose((input.value = t(`reason_${choice}`))), { key: choice }));
        const choose = (/** @type {string} */ text) => {
          why = text.trim();
          go.disabled = choices.length > 0 && !why;
        };
        choose(why);
        body.append(h("p", { class: "ask" }, t(`ask_${step}_line`)));
        if (chips.length) body.append(h("div", { class: "chips" }, ...chips));
        if (reason || choices.length) body.append(h("label", { for: "why" }, t("reason")), input);
        foot.append(go, button("secondary wide", t("no_back"), () => dialog.close(), { key: "no" }));
        return () => {};
      },
    };
  }

  primary.addEventListener("click", () => {
    const step = model.sheet && nextStep(model.sheet);
    if (step) ask[/** @type {"open"} */ (step)]();
  });

  return {
    ask,
    take,
    show() {
      const step = model.sheet && nextStep(model.sheet);
      const off = !step || !allows(model.sheet, step);
      if (primary.disabled !== off) primary.disabled = off;
      put(primary.lastElementChild, step ? t(`do_${step}`) : t("nothing_to_do"));
    },
  };
}

/** @typedef {ReturnType<typeof createSteps>} Steps */

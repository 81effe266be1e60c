// What was done last: one line above the thumb with its undo, and the last ten in a list, so that nothing that vanished
// from sight is nowhere else.

import { button, h, icon, one, put, refill } from "./dom.js";

const SHOW_MS = 6000;
const LAST = 10;
const UNDOABLE = new Set(["aboard", "off", "here", "away", "excuse", "nameless", "vouch", "alight", "count", "estimate", "settle"]);

/** @param {{model: import("./model.js").Model, words: import("./words.js").Words, undo: (id: string) => void}} parts */
export function createToast({ model, words, undo }) {
  const bar = one("[data-toast]");
  const text = one("[data-toast-text]");
  const back = one("[data-toast-undo]");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {string | null} */
  let last = null;
  const hide = () => {
    bar.hidden = true;
    last = null;
  };
  back.addEventListener("click", () => {
    if (last) undo(last);
  });
  return {
    /** @param {string} said @param {{undo?: string, level?: string}} [more] */
    say(said, { undo: id = undefined, level = "done" } = {}) {
      clearTimeout(timer);
      put(text, said);
      bar.dataset.level = level;
      bar.hidden = false;
      last = id ?? null;
      back.hidden = !id || !model.canUndo(id);
      put(back.lastElementChild, words.t("undo"));
      timer = setTimeout(hide, SHOW_MS);
    },
    hide,
  };
}

/**
 * @param {{model: import("./model.js").Model, keep: import("./keep.js").Keep, words: import("./words.js").Words, undo: (id: string) => void, close: () => void}} parts
 */
export function logView({ model, keep, words, undo, close }) {
  const { t } = words;

  /** @param {any} act */
  function said(act) {
    const row = model.sheet.persons?.find((/** @type {any} */ one) => one.person === act.person);
    const name = row?.name ?? (act.persons ? words.n("n_people", act.persons.length) : t("somebody"));
    const values = { name, n: act.counted ?? act.change ?? "", why: act.why ? t(`why_${act.why}`, { run: act.to ?? "" }) : "" };
    return t(`log_${act.kind}`, values);
  }

  /** @param {any} act */
  const line = (act) =>
    h("li", { class: "log", "data-undone": act.undone ? "" : null }, h("time", {}, words.clock(act.at)),
      h("span", { class: "log-text" }, said(act), act.by ? h("span", { class: "soft" }, ` · ${act.by}`) : null, act.unsent ? h("span", { class: "soft" }, ` · ${t("not_sent")}`) : null, act.undone ? h("span", { class: "soft" }, ` · ${t("taken_back")}`) : null),
      UNDOABLE.has(act.kind) && !act.undone && model.canUndo(act.id) ? button("chip", t("undo"), () => undo(act.id), { icon: "undo", key: `undo:${act.id}` }) : null);

  const SIGNS = { admit: "check", again: "twice", goodbye: "out", warn: "note", refuse: "stop", stored: "wait" };
  /** @param {import("./keep.js").Said} answer */
  const verdict = (answer) =>
    h("li", { class: "log", "data-answer": answer.answer }, h("time", {}, words.clock(answer.at)), icon(SIGNS[/** @type {"admit"} */ (answer.answer)] ?? "wait"),
      h("span", { class: "log-text" }, h("strong", {}, words.of(answer.word)), ` ${[answer.name, words.of(answer.line)].filter(Boolean).join(" · ")}`));

  /** @returns {import("./dialog.js").View} */
  return () => ({
    name: "log",
    title: () => t("log_title"),
    build(body, foot) {
      const acts = h("ul", { class: "lines" });
      const scans = h("ul", { class: "lines" });
      body.append(acts, h("h3", {}, t("log_scans")), scans);
      foot.append(button("secondary wide", t("done"), close, { key: "done" }));
      return () => {
        const lines = (model.sheet?.acts ?? []).filter((/** @type {any} */ act) => act.kind !== "undo").slice(0, LAST);
        refill(acts, lines.length ? lines.map(line) : [h("li", { class: "soft" }, t("log_nothing"))]);
        const answers = keep.said();
        refill(scans, answers.length ? answers.map(verdict) : [h("li", { class: "soft" }, t("log_no_scans"))]);
      };
    },
  });
}

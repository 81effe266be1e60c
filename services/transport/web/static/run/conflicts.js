// Somebody who was boarded on two runs: who, when and where, which stands, and one tap that says where they are.

import { button, h, one, refill } from "./dom.js";

/** @param {{words: import("./words.js").Words, model: import("./model.js").Model, say: (text: string, more?: any) => void}} parts */
export function createConflicts({ words, model, say }) {
  const { t } = words;
  const place = one("[data-conflicts]");
  /** @type {string | null} */
  let shown = null;

  /** @param {any} conflict @param {any} run */
  function decide(conflict, run) {
    const { id } = model.act("aboard", { run: run.run, person: conflict.person }, { settles: conflict.person });
    say(t("done_conflict", { name: conflict.name, run: run.name }), { undo: id });
    show();
  }

  /** @param {any} conflict */
  function card(conflict) {
    const runs = [...conflict.runs].sort((/** @type {any} */ a, /** @type {any} */ b) => a.at.localeCompare(b.at));
    const own = model.sheet.run;
    return h(
      "section",
      { class: "conflict", role: "alert" },
      h("h2", {}, t("conflict_title", { name: conflict.name })),
      h("ul", {}, ...runs.map((/** @type {any} */ run) => h("li", { "data-stands": run.run === conflict.stands ? "" : null }, h("strong", {}, run.name), ` ${words.clock(run.at)}`, run.run === conflict.stands ? h("span", { class: "tag" }, t("conflict_stands")) : null))),
      h("div", { class: "pair" }, ...runs.map((/** @type {any} */ run) => button(run.run === own ? "primary" : "secondary", run.run === own ? t("conflict_here") : t("conflict_there", { run: run.name }), () => decide(conflict, run), { key: `conflict:${conflict.person}:${run.run}` }))),
    );
  }

  function show() {
    const conflicts = (model.sheet?.conflicts ?? []).filter((/** @type {any} */ one) => !model.settles(one.person));
    const key = JSON.stringify([conflicts, words.language]);
    if (key === shown) return;
    shown = key;
    refill(place, conflicts.map(card));
  }
  return { show };
}

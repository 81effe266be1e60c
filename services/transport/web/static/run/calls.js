// Last call: wait, or go? Who is missing and where last, how to reach them, which seats come after, what waiting costs.

import { button, h, refill } from "./dom.js";

const WAITS_MIN = [2, 5];

/**
 * @param {{
 *   words: import("./words.js").Words, model: import("./model.js").Model, hands: import("./hands.js").Hands,
 *   people: import("./people.js").People, goOn: () => void, close: () => void,
 *   say: (text: string, more?: any) => void,
 * }} parts
 */
export function lastCallView({ words, model, hands, people, goOn, close, say }) {
  const { t } = words;

  /** @param {any} sheet */
  const next = (sheet) =>
    h("section", {}, h("h3", {}, t("next_seats")),
      sheet.next?.length
        ? h("ul", { class: "tags" }, ...sheet.next.map((/** @type {any} */ run) => h("li", { class: "tag" }, t("run_free", { run: run.name, at: words.clock(run.depart), n: run.free ?? "?" }))))
        : h("p", { class: "soft" }, t("no_next_run")));

  /** @param {any} sheet */
  const touches = (sheet) =>
    sheet.touches?.length
      ? h("section", {}, h("h3", {}, t("delay_touches")),
          h("ul", {}, ...sheet.touches.map((/** @type {any} */ item) => h("li", { class: "touch" }, h("strong", {}, words.of(item.title)), h("span", { class: "soft" }, t("touch_line", { at: words.clock(item.start), late: Math.round(item.late_ms / 60_000), n: item.people }))))))
      : null;

  /** @param {number} minutes */
  function wait(minutes) {
    const { depart } = model.sheet.times;
    const at = Math.max(Date.parse(depart.estimated ?? depart.planned), 0) + minutes * 60_000;
    const { id } = model.act("estimate", { depart_at: new Date(at).toISOString() });
    say(t("done_wait", { at: words.clock(at) }), { undo: id });
  }

  /** @returns {import("./dialog.js").View} */
  return () => ({
    name: "last-call",
    title: () => t("last_call_title"),
    build(body, foot) {
      const list = h("div", {});
      const facts = h("div", {});
      body.append(list, facts);
      const update = () => {
        const { sheet } = model;
        const rows = sheet.gate.to_settle.map(hands.rowOf).filter(Boolean);
        refill(list, [
          rows.length
            ? h("section", {}, h("h3", {}, words.n("n_missing", rows.length)), h("ul", {}, ...rows.map((/** @type {any} */ row) => h("li", { class: "open" }, people.line(row), people.settle(row, update)))))
            : h("p", { class: "fine" }, t("nobody_missing")),
        ]);
        refill(facts, [next(sheet), touches(sheet)]);
        refill(foot, [
          h("div", { class: "pair" }, ...WAITS_MIN.map((minutes) => button("secondary", t("wait_minutes", { n: minutes }), () => wait(minutes), { icon: "later", key: `wait:${minutes}` }))),
          button("primary wide", t("go_depart"), () => (close(), goOn()), { icon: "bus", key: "go" }),
        ]);
      };
      return update;
    },
  });
}

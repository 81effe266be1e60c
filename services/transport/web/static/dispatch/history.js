// What was proposed and done before; each can be opened, and undone.

import { h, some } from "../desk/dom.js";
import { head, waiting } from "./panel.js";

/** What was proposed and done before. */
export function historyView(page) {
  const { words, clock, state } = page;
  const list = state.history;
  if (!list) return [head(page, words.history), page.notice(), waiting(words.loading)];
  const empty = h("div.nothing", {}, h("h3", {}, words.no_history), h("p", {}, words.no_history_why));
  return [
    head(page, words.history),
    page.notice(),
    list.length
      ? h(
          "ul.history",
          {},
          list.map((one) =>
            h(
              "li",
              {},
              h(
                "button.past",
                { type: "button", "data-key": `past:${one.allocation}`, onclick: () => page.openPast(one.allocation) },
                h("time.soft", {}, clock.text(one.at)),
                h("span.text", {}, words.kinds[one.kind] ?? one.kind, h("span.small.soft.block", {}, summary(one, page))),
                h("span.mark-of", { "data-state": one.state }, words.state[one.state] ?? one.state),
              ),
            ),
          ),
        )
      : empty,
  ];
}

function summary(one, page) {
  const name = (id) => (id ? (page.day.runs.get(id)?.name ?? id) : page.words.no_seat);
  const moved = one.moves ?? [];
  const ways = [...new Set(moved.map((move) => `${name(move.from)} → ${name(move.to)}`))];
  return [some(page.words.people, moved.length), ...ways.slice(0, 2), ways.length > 2 ? "…" : null].filter(Boolean).join(" · ");
}

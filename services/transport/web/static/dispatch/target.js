// Where somebody is moved to, for who taps instead of dragging.

import { fits, h } from "../desk/dom.js";
import { isOpen } from "./model.js";
import { head } from "./panel.js";

/** Where to: every run of the transfer, the same way first. */
export function targetView(page) {
  const { words, day, config, clock } = page;
  const move = page.state.move;
  const from = day.runs.get(move.from);
  const runs = [...day.runs.values()].filter(
    (run) => run.id !== move.from && (move.transfer ? run.transfer === move.transfer : true),
  );
  runs.sort((a, b) => (b.leg === from?.leg) - (a.leg === from?.leg) || isOpen(b) - isOpen(a) || a.depart.at - b.depart.at);
  return [
    head(page, fits(words.move_title, { what: move.what })),
    page.notice(),
    h(
      "ul.targets",
      {},
      runs.map((run) => {
        const effect = page.effect(run.id, move);
        return h(
          "li",
          {},
          h(
            "button.target",
            {
              type: "button",
              class: `target place-${config.places[run.destination]?.colour ?? 8}`,
              "data-key": `to:${run.id}`,
              "data-to": run.id,
              "data-fit": effect.fit,
              disabled: effect.fit === "no" || !page.online(),
              onclick: () => page.propose({ move: request(move, run.id) }, move),
            },
            h("span.swatch", { "aria-hidden": "true" }),
            h("strong", {}, run.name),
            h(
              "span.text",
              {},
              config.places[run.destination]?.name ?? "",
              h(
                "span.small.soft.block",
                {},
                `${run.kerb} · ${fits(words.depart, { at: clock.text(run.depart.at) })}${from && run.leg !== from.leg ? ` · ${words.other_leg}` : ""}`,
              ),
            ),
            h("span.said", {}, effect.said),
          ),
        );
      }),
    ),
  ];
}

/** The move as the API takes it. */
export const request = ({ persons, organisation, group, from }, to) => ({
  ...(persons ? { persons } : organisation ? { organisation } : { group }),
  ...(from ? { from } : {}),
  to,
});

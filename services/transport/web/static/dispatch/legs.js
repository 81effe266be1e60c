// Free seats of each leg on what departs in the next half hour.

import { fits, h, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";

/** A card a leg: those of the transfer that is shown, or of the whole day those with something to say. */
export function legsView(page, zoom) {
  const { config, words, clock } = page;
  const soon = page.day.legs.filter((leg) => leg.runs.length);
  const shown = zoom === "day" ? (soon.length ? soon : page.day.legs) : page.day.legs.filter((leg) => leg.transfer === zoom);
  return shown.map((leg) => {
    const place = config.places[leg.destination];
    const from = config.places[leg.origin];
    const soon = leg.runs.length;
    const about = soon
      ? leg.runs.map((run) => `${run.name} ${run.free === null ? "–" : Math.max(0, run.free)}`).join(" · ")
      : [words.leg_none, leg.next ? fits(words.leg_next, { at: clock.text(leg.next.depart.at) }) : null]
          .filter(Boolean)
          .join(" · ");
    return h(
      "div.leg",
      {
        class: `leg place-${place?.colour ?? 8}`,
        "data-leg": leg.id,
        "data-look": soon && leg.free === 0 ? "full" : soon ? "some" : "none",
      },
      h("p.way", {}, h("span.soft", {}, from?.name ?? ""), icon("arrow"), h("strong", {}, place?.name ?? leg.destination)),
      h(
        "p.room",
        {},
        h("span.figure", {}, soon ? String(leg.free ?? "–") : "–"),
        " ",
        soon ? h("span.unit", {}, words.seats_free[leg.free === 1 ? 0 : 1]) : null,
      ),
      h(
        "p.small.soft",
        {},
        soon && leg.wheelchairsFree ? [icon("wheelchair"), " ", some(words.wheelchairs_free, leg.wheelchairsFree), " · "] : null,
        about,
      ),
    );
  });
}

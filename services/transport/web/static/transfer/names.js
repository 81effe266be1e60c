// Who is missing, was left behind or was not seen yet, by name, with the last place and a number to call.

import { fits, h } from "../desk/dom.js";
import { icon } from "../desk/icons.js";

const KINDS = ["missing", "left_behind", "unconfirmed", "own_travel"];

/** Everybody of a kind: of the whole transfer, or of one location. */
function listOf(view, kind, place) {
  const of = (lists) => lists.flatMap((list) => list ?? []);
  const found = place
    ? of([view.locations.find((one) => one.place === place)?.[kind]])
    : (view[kind] ?? of(view.locations.map((one) => one[kind])));
  return [...new Map(found.map((one) => [one.person, one])).values()];
}

/** The lists. `picked` is {kind, place} where a number was tapped. */
export function namesView({ view, picked, unpick, config, words, clock }) {
  const hidden = view.missing === null && view.locations.every((one) => !one.missing);
  const head = h(
    "header.names-head",
    {},
    h("h2", { tabindex: "-1", "data-names-title": true }, words.names),
    picked ? h("button.button.plain", { type: "button", "data-key": "unpick", onclick: unpick }, words.show_all) : null,
  );
  if (hidden) return [head, counts(view, words), h("p.soft.small", {}, words.only_numbers)];
  const kinds = picked ? [picked.kind] : KINDS;
  const groups = kinds
    .map((kind) => group(kind, listOf(view, kind, picked?.place), { config, words, clock, place: picked?.place }))
    .filter(Boolean);
  const seatless = picked || !view.without_seat?.length ? null : withoutSeat(view, { config, words, clock });
  if (!groups.length && !seatless)
    return [
      head,
      h(
        "div.nothing",
        {},
        h("span.sign", { "aria-hidden": "true" }, icon("check")),
        h("h3", {}, words.nobody),
        h("p", {}, words.nobody_why),
      ),
    ];
  return [head, groups, seatless];
}

function counts(view, words) {
  return h(
    "dl.only-counts",
    {},
    ["missing", "left_behind", "unconfirmed"].map((kind) =>
      h("div", { "data-kind": kind }, h("dt", {}, words[`who_${kind}`]), h("dd.figure", {}, String(view[`${kind}_count`]))),
    ),
  );
}

function group(kind, people, shown) {
  if (!people.length) return null;
  const { words, config, place } = shown;
  return h(
    "section.group",
    { "data-kind": kind },
    h(
      "h3",
      {},
      words[`who_${kind}`],
      " ",
      h("span.tally", {}, String(people.length)),
      place ? h("span.soft.small", {}, ` ${config.places[place]?.name ?? ""}`) : null,
    ),
    words[`why_${kind}`] ? h("p.soft.small", {}, words[`why_${kind}`]) : null,
    kind === "own_travel" && !place
      ? h(
          "details",
          {},
          h("summary", {}, words.who),
          h(
            "ul",
            {},
            people.map((one) => person(one, shown)),
          ),
        )
      : h(
          "ul",
          {},
          people.map((one) => person(one, shown)),
        ),
  );
}

function withoutSeat(view, shown) {
  const { words, config } = shown;
  return h(
    "section.group",
    { "data-kind": "without_seat" },
    h("h3", {}, words.who_without_seat, " ", h("span.tally", {}, String(view.without_seat_count))),
    h(
      "ul",
      {},
      view.without_seat.map((one) => person(one.person, shown, one.why?.[config.language])),
    ),
  );
}

function person(one, { config, words, clock }, why = null) {
  const place =
    config.places[one.last_place]?.name ??
    config.run_names[one.last_place] ??
    words.places[one.last_place] ??
    words.unknown_place;
  const last = one.last_at ? fits(words.last, { place, at: clock.text(one.last_at) }) : place;
  const run = config.run_names[one.run];
  const name = one.name || one.person;
  return h(
    "li.somebody",
    {},
    h(
      "span.text",
      {},
      h("strong", {}, name),
      " ",
      h("span.soft", {}, one.organisation),
      h("span.small.soft.block", {}, why ?? [last, run ? ` · ${run}` : ""]),
    ),
    one.phone
      ? h(
          "a.button.call",
          { href: `tel:${one.phone.replaceAll(/[^+0-9]/g, "")}`, "aria-label": `${fits(words.call, { name })}: ${one.phone}` },
          one.phone,
        )
      : null,
  );
}

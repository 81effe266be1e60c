// The side panel: what needs attention, until something is chosen. Each view is a function that gives nodes.

import { fits, h, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { minutes } from "./model.js";

const ORDER = { urgent: 0, warn: 1, info: 2 };

/** The head of a view, with the way back to the overview. */
export function head(page, title, ...more) {
  return h(
    "header.side-head",
    {},
    h(
      "button.button.plain.back",
      { type: "button", "data-key": "back", onclick: () => page.go("attention"), "aria-label": page.words.back },
      icon("back"),
      h("span", {}, page.words.back),
    ),
    h("h2", { tabindex: "-1", "data-title": true }, title),
    more,
  );
}

export const note = (level, ...children) => h(`p.note.${level}`, { role: level === "stop" ? "alert" : "status" }, children);

/** A section with its number; nothing where there is nothing. */
const section = (title, items, look) =>
  items.length
    ? h(
        "section.heeded",
        { "data-look": look },
        h("h3", {}, title, " ", h("span.tally", {}, String(items.length))),
        h("ul", {}, items),
      )
    : null;

export function attention(page) {
  const { words, day } = page;
  const alerts = [...page.alerts.values()].sort((a, b) => ORDER[a.level] - ORDER[b.level] || b.since.localeCompare(a.since));
  const sections = [
    section(
      words.without_seat,
      day.withoutSeat.map((one) => seatless(one, page)),
      "stop",
    ),
    section(
      words.conflicts,
      day.conflicts.map((one) => conflict(one, page)),
      "note",
    ),
    section(
      words.late_runs,
      day.late.map((run) => lateRun(run, page)),
      "note",
    ),
    section(
      words.alerts,
      alerts.map((one) => alert(one, page)),
      "info",
    ),
  ].filter(Boolean);
  const calm = h(
    "div.nothing",
    {},
    h("span.sign", { "aria-hidden": "true" }, icon("check")),
    h("h3", {}, words.all_well),
    h("p", {}, words.all_well_why),
  );
  return [
    h("header.side-head", {}, h("h2", { tabindex: "-1", "data-title": true }, words.attention)),
    page.notice(),
    page.loaded() ? (sections.length ? sections : calm) : waiting(words.loading),
  ];
}

export const waiting = (said) =>
  h(
    "div.stack",
    { role: "status" },
    h("span.unseen", {}, said),
    [0, 1, 2, 3].map(() => h("div.waiting.block", { "aria-hidden": "true" })),
  );

function seatless(one, page) {
  const { words, config } = page;
  const may = config.may.seats;
  return h(
    "li.person-line",
    {},
    may ? page.handle({ persons: [one.person], what: one.name, n: 1, transfer: one.transfer }) : null,
    h(
      "span.text",
      {},
      h("strong", {}, one.name ?? one.person),
      " ",
      h("span.soft", {}, one.organisation ?? ""),
      h("span.small.soft.block", {}, page.say(one.why)),
    ),
    may
      ? h(
          "button.button.small",
          {
            type: "button",
            "data-key": `seat:${one.person}`,
            onclick: () => page.move({ persons: [one.person], what: one.name, n: 1, transfer: one.transfer }),
          },
          words.give_seat,
        )
      : null,
  );
}

function conflict(one, page) {
  const { words, clock, day } = page;
  const name = (id) => day.runs.get(id)?.name ?? id;
  return h(
    "li.person-line",
    {},
    h(
      "span.text",
      {},
      h("strong", {}, one.name ?? one.person),
      h(
        "span.small.soft.block",
        {},
        one.runs.map((run, n) => [n ? " · " : "", `${run.name} ${clock.text(run.at)}`]),
        " — ",
        fits(words.stands, { run: name(one.stands) }),
      ),
    ),
    h("a.button.small", { href: page.runPage(one.stands) }, name(one.stands)),
  );
}

function lateRun(run, page) {
  const { words, clock, config } = page;
  const touched = run.touches.map((one) => page.say(one.title)).join(", ");
  return h(
    "li",
    {},
    h(
      "button.late-line",
      { type: "button", "data-key": `late:${run.id}`, onclick: () => page.go("run", { run: run.id }) },
      h("strong", {}, run.name),
      h(
        "span.text",
        {},
        some(words.late, minutes(run.late)),
        h(
          "span.small.soft.block",
          {},
          `${config.places[run.destination]?.name ?? ""} · ${fits(words.arrive, { at: clock.text(run.arrive.at) })}${touched ? ` · ${touched}` : ""}`,
        ),
      ),
      icon("clock"),
    ),
  );
}

function alert(one, page) {
  return h(
    "li.alert",
    { "data-level": one.level },
    icon(one.level === "urgent" ? "stop" : one.level === "warn" ? "warning" : "clock"),
    h("span.text", {}, page.say(one.text)),
    h("time.soft.small", {}, page.clock.text(one.since)),
  );
}

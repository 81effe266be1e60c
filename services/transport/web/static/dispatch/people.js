// The people of a run: by organisation, by group, or one by one; chosen with a tick, or dragged by the handle.

import { fits, h, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { chosenMove } from "./chosen.js";
import { isOpen, minutes } from "./model.js";
import { head, note, waiting } from "./panel.js";

const plainly = (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The view of one run. */
export function runView(page) {
  const { words, config, clock, day } = page;
  const run = day.runs.get(page.state.run);
  if (!run) return [head(page, "–")];
  const coach = day.coaches.find((one) => one.id === run.coach);
  return [
    head(page, `${run.name} → ${config.places[run.destination]?.name ?? run.destination}`),
    page.notice(),
    h(
      "p.run-facts",
      { "data-state": run.state },
      h("strong.run-state", {}, config.states[run.state]),
      run.kerb ? h("span", {}, run.kerb) : null,
      h("span", {}, fits(run.depart.sure ? words.departed : words.depart, { at: clock.text(run.depart.at) })),
      minutes(run.late) >= 2 ? h("span.late", {}, some(words.late, minutes(run.late))) : null,
    ),
    figures(run, words),
    h(
      "div.buttons.run-buttons",
      {},
      h("a.button", { href: page.runPage(run.id), "data-key": "open-run" }, words.open_run),
      config.may.replace && isBreakable(run)
        ? h(
            "button.button.danger",
            { type: "button", "data-key": "broken", onclick: () => page.go("breakdown", { run: run.id }) },
            words.broken,
          )
        : null,
      config.may.seats && isOpen(run)
        ? h(
            "button.button",
            {
              type: "button",
              "data-key": "absent",
              onclick: () => page.go("what-if", { coach: run.coach, transfer: run.transfer }),
            },
            words.not_coming,
          )
        : null,
      coach?.phone
        ? h("a.button", { href: `tel:${coach.phone.replaceAll(/[^+0-9]/g, "")}` }, `${words.driver} ${coach.phone}`)
        : null,
    ),
    people(run, page),
  ];
}

export const isBreakable = (run) => ["planned", "boarding", "last_call", "departed", "halted"].includes(run.state);

function figures(run, words) {
  const one = (value, label, look = "") =>
    h(
      "div",
      { "data-look": look },
      h("dt", {}, label),
      h("dd.figure", {}, value === null || value === undefined ? "–" : String(value)),
    );
  return h(
    "dl.run-figures",
    {},
    one(run.aboard, words.states.aboard),
    one(run.listed === null ? null : Math.max(0, run.listed - run.aboard), words.states.listed),
    one(run.free, words.free.replace("{n} ", ""), run.free !== null && run.free <= 0 ? "full" : ""),
    run.wheelchairs ? one(run.wheelchairsFree ?? run.wheelchairs, words.wheelchairs_free[1].replace("{n} ", "")) : null,
  );
}

function people(run, page) {
  const { words, config, state } = page;
  const list = state.lists.get(run.id);
  if (list?.error)
    return [
      note("stop", fits(words.failed, { why: list.error })),
      h("button.button", { type: "button", onclick: () => page.loadList(run.id) }, words.retry),
    ];
  if (!list) return waiting(words.loading);
  if (list.persons === null) return h("p.soft", {}, words.no_names);
  const groups = config.groups.filter(
    (group) =>
      config.transfers
        .flatMap((one) => one.legs)
        .find((leg) => leg.id === run.leg)
        ?.groups.includes(group.id) ||
      group.kind === "together" ||
      group.kind === "theme",
  );
  const tabs = [
    ["organisation", words.by_organisation],
    ["person", words.by_person],
    ...(config.may.seats && groups.length ? [["group", words.by_group]] : []),
  ];
  return h(
    "section.people",
    { "aria-label": words.by_person },
    h(
      "div.segments",
      { role: "group" },
      tabs.map(([id, name]) =>
        h(
          "button.segment",
          {
            type: "button",
            "aria-pressed": String(state.by === id),
            "data-key": `by:${id}`,
            onclick: () => page.set({ by: id }),
          },
          name,
        ),
      ),
    ),
    state.by === "group"
      ? null
      : h("input", {
          type: "search",
          "aria-label": words.search,
          placeholder: words.search,
          "data-key": "search",
          value: state.query,
          oninput: (event) => page.set({ query: event.target.value }),
        }),
    state.by === "group" ? groupRows(groups, run, page) : rows(list.persons, run, page),
  );
}

function rows(persons, run, page) {
  const { words, state } = page;
  const wanted = plainly(state.query.trim());
  const found = persons.filter((one) => !wanted || plainly(`${one.name} ${one.organisation}`).includes(wanted));
  if (!found.length) return h("p.soft.nobody", {}, persons.length ? words.no_match : words.nobody);
  if (state.by === "person")
    return h(
      "ul.rows-of-people",
      {},
      found.map((one) => personRow(one, run, page)),
    );
  const by = Map.groupBy ? Map.groupBy(found, (one) => one.organisation) : grouped(found);
  return h(
    "ul.rows-of-people",
    {},
    [...by].sort(([a], [b]) => a.localeCompare(b, "nl")).map(([name, members]) => organisationRow(name, members, run, page)),
  );
}

function grouped(persons) {
  const by = new Map();
  for (const one of persons) by.set(one.organisation, [...(by.get(one.organisation) ?? []), one]);
  return by;
}

const aboard = (members) => members.filter((one) => one.state !== "listed").length;

function organisationRow(name, members, run, page) {
  const { words, chosen, state } = page;
  const ids = members.map((one) => one.person);
  const picked = ids.filter((id) => chosen.persons.has(id)).length;
  const open = state.open.has(name) || Boolean(state.query);
  return h(
    "li.org",
    {},
    h(
      "div.pick-row",
      {},
      choice(
        `org:${name}`,
        name || words.no_organisation,
        picked === ids.length ? true : picked ? "mixed" : false,
        () => page.choose(() => chosen.toggle(ids)),
        page,
      ),
      h(
        "button.org-name",
        { type: "button", "aria-expanded": String(open), "data-key": `open:${name}`, onclick: () => page.fold(name) },
        h("span", {}, name || words.no_organisation),
        h("span.count", {}, String(aboard(members)), h("span.of", {}, `/${members.length}`)),
      ),
      page.config.may.seats && isOpen(run) ? page.handle(dragged(name, members, run, page)) : null,
    ),
    open
      ? h(
          "ul",
          {},
          members.map((one) => personRow(one, run, page)),
        )
      : null,
  );
}

/** What is dragged by a row: what is chosen when the row is in it, else the row. */
function dragged(name, members, run, page) {
  const ids = members.map((one) => one.person);
  if (ids.some((id) => page.chosen.persons.has(id))) return () => chosenMove(page);
  return name && members.length > 1
    ? { organisation: name, from: run.id, what: name, n: ids.length, transfer: run.transfer }
    : { persons: ids, from: run.id, what: members[0].name, n: ids.length, transfer: run.transfer };
}

function personRow(one, run, page) {
  const { words, chosen } = page;
  const name = one.name || one.person;
  return h(
    "li.pick-row.person",
    { "data-state": one.state },
    choice(
      `person:${one.person}`,
      name,
      chosen.persons.has(one.person),
      () => page.choose(() => chosen.toggle([one.person])),
      page,
    ),
    h(
      "span.text",
      {},
      h("span", {}, name),
      one.wheelchair
        ? [" ", h("span.chair", { title: words.wheelchair }, icon("wheelchair"), h("span.unseen", {}, words.wheelchair))]
        : null,
      page.state.by === "person" ? h("span.small.soft.block", {}, one.organisation) : null,
    ),
    h("span.small.soft.seen", {}, words.states[one.state] ?? one.state),
    page.config.may.seats && isOpen(run) ? page.handle(dragged("", [one], run, page)) : null,
  );
}

function choice(key, label, checked, onchange, page) {
  if (!page.config.may.seats) return null;
  const box = h("input", { type: "checkbox", "data-key": key, "aria-label": label, checked: checked === true, onchange });
  box.indeterminate = checked === "mixed";
  return h("label.tick", {}, box);
}

function groupRows(groups, run, page) {
  const { words, chosen } = page;
  const move = (group) => ({ group: group.id, from: run.id, what: group.name, n: null, transfer: run.transfer });
  return h(
    "ul.rows-of-people",
    {},
    groups.map((group) =>
      h(
        "li.pick-row",
        {},
        choice(
          `group:${group.id}`,
          group.name,
          chosen.group?.id === group.id,
          () => page.choose(() => chosen.pickGroup(group)),
          page,
        ),
        h("span.text", {}, group.name, h("span.small.soft.block", {}, words.everybody_in)),
        isOpen(run) ? page.handle(move(group)) : null,
      ),
    ),
  );
}

// What is asked before something is worked out: a new allocation, a coach that does not come, a breakdown (letter K).

import { fits, h, some } from "../desk/dom.js";
import { isOpen } from "./model.js";
import { isBreakable } from "./people.js";
import { head, note } from "./panel.js";

const NEAR_MS = 60 * 60_000; // what departs later than this is changed in the programme

/** A choice out of a few, each with a line under it. */
function radios(page, name, legend, options, chosen) {
  return h(
    "fieldset.choices",
    {},
    h("legend", {}, legend),
    options.map(({ value, label, about, disabled }) =>
      h(
        "label.choice",
        {},
        h("input", {
          type: "radio",
          name,
          value,
          checked: value === chosen,
          disabled,
          "data-key": `choose:${name}:${value}`,
          onchange: () => page.set({ form: { ...page.state.form, [name]: value } }),
        }),
        h("span", {}, label, about ? h("span.small.soft.block", {}, about) : null),
      ),
    ),
  );
}

const whichTransfer = (page) =>
  page.config.transfers.length > 1
    ? radios(
        page,
        "transfer",
        page.words.transfer,
        page.config.transfers.map((one) => ({
          value: one.id,
          label: one.title,
          about: `${page.clock.text(one.start_ms)}–${page.clock.text(one.end_ms)}`,
        })),
        page.state.form.transfer,
      )
    : null;

const go = (page, label, onclick, disabled = false) =>
  h(
    "div.foot",
    {},
    h(
      "button.primary",
      { type: "button", "data-key": "go", disabled: disabled || !page.online() || page.state.busy, onclick },
      label,
    ),
  );

export function planView(page) {
  const { words, state } = page;
  const preferences = [
    { value: "fewest", label: words.fewest, about: words.fewest_why },
    { value: "evenest", label: words.even, about: words.even_why },
  ];
  return [
    head(page, words.plan),
    page.notice(),
    h("p.soft", {}, words.plan_why),
    whichTransfer(page),
    radios(page, "prefer", words.prefer, preferences, state.form.prefer),
    go(page, words.propose, () => page.propose({ prefer: state.form.prefer }, { kind: "plan", transfer: state.form.transfer })),
  ];
}

export function whatIfView(page) {
  const { words, state, day } = page;
  const transfer = state.form.transfer;
  const coaches = day.coaches.filter((coach) => coach.runs.some(({ run }) => run.transfer === transfer && isOpen(run)));
  const about = (coach) =>
    coach.runs
      .filter(({ run }) => run.transfer === transfer)
      .map(({ run }) => [page.config.places[run.destination]?.name, some(words.people, run.listed ?? 0)].join(" · "))
      .join("; ");
  const chosen = coaches.find((coach) => coach.id === state.form.coach);
  return [
    head(page, words.what_if),
    page.notice(),
    h("p.soft", {}, words.what_if_why),
    whichTransfer(page),
    coaches.length
      ? radios(
          page,
          "coach",
          words.choose_coach,
          coaches.map((coach) => ({ value: coach.id, label: coach.name, about: about(coach) })),
          state.form.coach,
        )
      : h("p", {}, words.no_next),
    go(
      page,
      words.propose,
      () => page.propose({ without: [chosen.id] }, { kind: "what-if", transfer, what: chosen.name }),
      !chosen,
    ),
  ];
}

export function breakdownView(page) {
  const { words, state, day, config, clock } = page;
  const near = (run) => run.state !== "planned" || run.depart.at < clock.now() + NEAR_MS;
  const could = [...day.runs.values()].filter((run) => isBreakable(run));
  const runs = (could.some(near) ? could.filter(near) : could).sort(
    (a, b) => (b.state !== "planned") - (a.state !== "planned") || a.depart.at - b.depart.at,
  );
  const run = day.runs.get(state.form.run);
  if (!runs.length) return [head(page, words.breakdown), h("p", {}, words.none_to_replace)];
  const spares = day.coaches.filter((coach) => coach.spare && !coach.runs.some((one) => isBreakable(one.run)));
  const options = [
    ...spares.map((coach) => ({
      value: coach.id,
      label: coach.name,
      about: [
        some(words.seats, coach.seats ?? 0),
        coach.wheelchairs ? some(words.wheelchairs, coach.wheelchairs) : null,
        coach.plate,
      ]
        .filter(Boolean)
        .join(" · "),
    })),
    { value: "", label: words.other_coach },
  ];
  const relief = page.relief();
  return [
    head(page, run ? `${words.breakdown}: ${run.name}` : words.breakdown),
    page.notice(),
    h("p.soft", {}, words.breakdown_why),
    state.form.fixed
      ? null
      : radios(
          page,
          "run",
          words.choose_run,
          runs.map((one) => ({
            value: one.id,
            label: `${one.name} → ${config.places[one.destination]?.name ?? ""}`,
            about: `${config.states[one.state]} · ${clock.text(one.depart.at)}`,
          })),
          state.form.run,
        ),
    radios(page, "relief", words.relief, options, state.form.relief),
    state.form.relief === "" ? other(page) : null,
    run && relief ? effect(run, relief, page) : null,
    go(
      page,
      relief ? fits(words.replace, { coach: relief.name }) : words.replace_it,
      () => page.replace(run, relief),
      !run || !relief,
    ),
  ];
}

function other(page) {
  const { words, state } = page;
  const field = (name, label, attributes) =>
    h(
      "label.field",
      {},
      h("span", {}, label),
      h("input", {
        type: "text",
        value: state.form[name] ?? "",
        "data-key": `field:${name}`,
        autocomplete: "off",
        ...attributes,
        oninput: (event) => page.set({ form: { ...page.state.form, [name]: event.target.value } }),
      }),
    );
  const number = { inputmode: "numeric", maxlength: 3, pattern: "[0-9]*" };
  return h(
    "div.fields",
    {},
    field("name", words.coach_name, { maxlength: 40 }),
    field("plate", words.coach_plate, { maxlength: 20 }),
    field("seats", words.coach_seats, number),
    field("wheelchairs", words.coach_wheelchairs, number),
  );
}

/** What the relief coach does to who is on the run: worked out here, because nothing is asked before it is done. */
function effect(run, relief, page) {
  const { words } = page;
  const carried = run.aboard + run.nameless;
  const heads = Math.max(run.listed ?? 0, run.aboard) + run.nameless;
  const short = heads - relief.seats;
  const chairs = run.wheelchairsFree === null ? 0 : run.wheelchairs - run.wheelchairsFree - relief.wheelchairs;
  return h(
    "section.effect",
    { role: "status" },
    carried ? h("p", {}, some(words.carry, carried)) : null,
    relief.seats !== run.seats && run.seats !== null
      ? h("p", {}, fits(words.seats_then, { n: relief.seats, m: run.seats }))
      : null,
    short > 0 ? note("stop", fits(words.fits_not, { n: short })) : note("ok", fits(words.fits, { n: -short })),
    chairs > 0 ? note("stop", fits(words.wheelchairs_not, { n: chairs })) : null,
  );
}

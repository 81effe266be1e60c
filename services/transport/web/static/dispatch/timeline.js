// The time line: a row a coach, a bar a run. The plan is an outline; what is, or is expected, lies solid over it.

import { fits, h, put, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { isGone, isOpen, minutes, windowOf } from "./model.js";

const STEPS_MS = [5, 10, 15, 30, 60, 120].map((step) => step * 60_000);
const MOST_TICKS = 13;

/** Draws the day into `root`; `onRun(id)` when a run is chosen. The buttons of runs stay the same elements. */
export function timeline({ root, config, clock, onRun }) {
  const { words, states, places } = config;
  const buttons = new Map();
  let range = { from: 0, to: 1 };
  let nowLine;

  const share = (at) => `${(((at - range.from) / (range.to - range.from)) * 100).toFixed(3)}%`;
  const within = (from, to) => to > range.from && from < range.to;

  function draw(day, zoom, { selected, preview }) {
    const transfer = config.transfers.find((one) => one.id === zoom);
    range = transfer ? windowOf(transfer, [...day.runs.values()]) : whole(day);
    const isHere = ({ run }) => within(run.open.at, run.arrive.at);
    const coaches = day.coaches.filter((coach) => coach.runs.some(isHere) || coach.lost.some(isHere) || coach.spare || !transfer);
    const keep = document.activeElement?.dataset?.run;
    nowLine = h("span.now-line", { "aria-hidden": "true" }, h("span", {}, words.now));
    root.replaceChildren(
      h(
        "div.grid",
        {},
        under(),
        axis(),
        h(
          "ol.rows",
          {},
          coaches.map((coach) => row(coach, day, { selected, preview })),
        ),
      ),
    );
    tick();
    if (keep) buttons.get(keep)?.focus({ preventScroll: true });
  }

  function whole(day) {
    const spans = config.transfers.map((one) => windowOf(one, [...day.runs.values()]));
    return { from: Math.min(...spans.map((one) => one.from)), to: Math.max(...spans.map((one) => one.to)) };
  }

  function under() {
    const bands = config.transfers.filter((one) => within(one.start_ms, one.end_ms));
    return h(
      "div.under",
      { "aria-hidden": "true" },
      bands.map((one) => h("span.band", { vars: { "--from": share(one.start_ms), "--to": share(one.end_ms) } })),
      ticks().map((at) => h("span.rule", { vars: { "--from": share(at) } })),
      nowLine,
    );
  }

  function ticks() {
    const step = STEPS_MS.find((one) => (range.to - range.from) / one <= MOST_TICKS) ?? STEPS_MS.at(-1);
    const first = Math.ceil(range.from / step) * step;
    return Array.from({ length: Math.floor((range.to - first) / step) + 1 }, (_, n) => first + n * step).filter(
      (at) => at < range.to,
    );
  }

  const axis = () =>
    h(
      "div.axis",
      { "aria-hidden": "true" },
      ticks().map((at) => h("time", { vars: { "--from": share(at) } }, clock.text(at))),
    );

  function row(coach, day, shown) {
    const visible = coach.runs.filter(({ run }) =>
      within(Math.min(run.open.at, run.open.planned), Math.max(run.arrive.at, run.arrive.planned)),
    );
    return h(
      "li.row",
      { "data-coach": coach.id, class: coach.spare && !coach.runs.length ? "row spare" : "row" },
      head(coach),
      h(
        "div.track",
        {},
        coach.lost.map(lost),
        visible.map((one) => [one.run.planned === coach.id ? outline(one.run) : null, wait(one), bar(one.run, day, shown)]),
      ),
    );
  }

  function head(coach) {
    const now = clock.now();
    const next = coach.runs.find(({ run }) => isOpen(run) && run.depart.at >= now - 3_600_000);
    const tight = coach.runs.find((one) => one.tight);
    const about =
      coach.spare && !coach.runs.length
        ? [words.spare, some(words.seats, coach.seats ?? 0)].join(" · ")
        : next
          ? fits(words.next, { at: clock.text(next.run.depart.at), place: places[next.run.destination]?.name ?? "" })
          : words.no_next;
    return h(
      "div.coach",
      {},
      h("strong", {}, coach.name),
      coach.wheelchairs
        ? h(
            "span.chair",
            { title: some(words.wheelchairs, coach.wheelchairs) },
            h("span.unseen", {}, some(words.wheelchairs, coach.wheelchairs)),
            icon("wheelchair"),
            h("span", { "aria-hidden": "true" }, String(coach.wheelchairs)),
          )
        : null,
      h("span.about", {}, about),
      tight ? h("span.tight", {}, fits(words.too_tight, { at: clock.text(tight.next.depart.at) })) : null,
    );
  }

  /** A run that another coach took over: only its plan is left here. */
  const lost = ({ run, by }) =>
    within(run.open.planned, run.arrive.planned)
      ? [
          outline(run),
          h(
            "span.label.taken",
            { vars: { "--from": share(run.open.planned) } },
            h("span.glyph", { "aria-hidden": "true" }),
            h("strong", {}, run.name),
            fits(words.replaced_by, { coach: by }),
          ),
        ]
      : [];

  const outline = (run) =>
    h("span.outline", {
      "aria-hidden": "true",
      vars: {
        "--from": share(run.open.planned),
        "--to": share(run.arrive.planned),
        "--depart": within_(run.open.planned, run.depart.planned, run.arrive.planned),
      },
    });

  const within_ = (from, at, to) => `${(((at - from) / Math.max(1, to - from)) * 100).toFixed(2)}%`;

  /** The turn-round: from the arrival until the coach can open again. */
  function wait({ run, ready, tight }) {
    if (ready <= run.arrive.at) return null;
    return h("span.wait", {
      "aria-hidden": "true",
      class: tight ? "wait tight" : "wait",
      title: fits(words.turn, { at: clock.text(ready) }),
      vars: { "--from": share(run.arrive.at), "--to": share(ready) },
    });
  }

  function bar(run, day, { selected, preview }) {
    let button = buttons.get(run.id);
    if (!button) {
      button = h("button.run", { type: "button", "data-run": run.id, "data-key": `run:${run.id}`, onclick: () => onRun(run.id) });
      buttons.set(run.id, button);
    }
    const colour = places[run.destination]?.colour ?? 8;
    const change = preview?.runs?.find((one) => one.run === run.id);
    button.className = `run place-${colour}`;
    button.dataset.state = run.state;
    button.toggleAttribute("data-selected", run.id === selected);
    button.setAttribute("aria-pressed", String(run.id === selected));
    for (const [name, value] of Object.entries({
      "--from": share(run.open.at),
      "--to": share(run.arrive.at),
      "--depart": within_(run.open.at, run.depart.at, run.arrive.at),
      ...fill(run),
    }))
      button.style.setProperty(name, value);
    button.replaceChildren(
      label(
        run,
        change,
        day.coaches.find((one) => one.id === run.coach),
      ),
      ...phases(run),
      meter(run),
      ...late(run).map((said) => (said.setAttribute("aria-hidden", "true"), said)),
    );
    return button;
  }

  function fill(run) {
    const most = Math.max(run.seats ?? 0, run.listed ?? 0, run.aboard, 1);
    return {
      "--listed": `${((run.listed ?? 0) / most) * 100}%`,
      "--aboard": `${((run.aboard + run.nameless) / most) * 100}%`,
      "--seats": `${((run.seats ?? most) / most) * 100}%`,
    };
  }

  function label(run, change, coach) {
    const moved = change && change.after !== change.before ? change.after - change.before : 0;
    return h(
      "span.label",
      {},
      h("span.glyph", { "aria-hidden": "true" }),
      h(run.name === coach?.name ? "strong.unseen" : "strong", {}, run.name),
      h("span.unseen", {}, ` ${words.to} ${places[run.destination]?.name}, ${states[run.state]}, `),
      h("span.count", {}, String(run.aboard ?? "–"), h("span.of", {}, `/${run.listed ?? "–"}`)),
      moved
        ? h("span.delta", {}, moved > 0 ? `+${moved}` : `−${-moved}`)
        : h("span.free", { "data-free": run.free === 0 ? "none" : run.free < 0 ? "over" : "some" }, freeText(run)),
      late(run),
      h("span.unseen", {}, `, ${fits(isGone(run) ? words.departed : words.depart, { at: clock.text(run.depart.at) })}`),
    );
  }

  function freeText(run) {
    if (run.state === "departed") return fits(words.arrive, { at: clock.text(run.arrive.at) });
    if (isGone(run)) return states[run.state];
    if (run.state === "cancelled" || run.state === "halted") return states[run.state];
    if (run.free === null) return "";
    return run.free > 0 ? fits(words.free, { n: run.free }) : run.free === 0 ? words.full : fits(words.over, { n: -run.free });
  }

  const phases = (run) => [
    h("span.phase.boarding", { "aria-hidden": "true", class: run.open.sure ? "phase boarding sure" : "phase boarding" }),
    h("span.phase.driving", { "aria-hidden": "true", class: run.depart.sure ? "phase driving sure" : "phase driving" }),
  ];

  const meter = () => h("span.meter", { "aria-hidden": "true" });

  function late(run) {
    const much = minutes(run.late);
    return much >= 2 && run.state !== "closed" && run.state !== "cancelled" ? [h("span.late", {}, some(words.late, much))] : [];
  }

  /** Move the line that is now. */
  function tick() {
    if (!nowLine) return;
    const at = clock.now();
    nowLine.hidden = at < range.from || at > range.to;
    nowLine.style.setProperty("--from", share(at));
    put(nowLine.firstChild, clock.text(at));
  }

  return { draw, tick, button: (run) => buttons.get(run) };
}

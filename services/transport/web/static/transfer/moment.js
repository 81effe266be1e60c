// Which moment the page shows: now, or one of the past; and with what was known now, or then.

import { ms } from "../desk/clock.js";
import { fits, h, one, put, redraw } from "../desk/dom.js";

const MINUTE_MS = 60_000;

/**
 * The slider, the time field and the switch. `change({at, known})` is called with wire times, nulls for now.
 * `marks` are moments of the runs, drawn under the slider.
 */
export function makeMoment({ root, past, config, words, clock, change }) {
  const { from_ms: from, to_ms: to } = config.slider;
  const asked = new URLSearchParams(location.search);
  let at = ms(asked.get("at")?.replace(" ", "+") ?? null);
  let then = asked.has("known");
  let timer;
  if (!Number.isFinite(at)) at = null;

  const last = () => Math.min(to, Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS);
  const begun = () => last() > from;
  const wire = (moment) => new Date(moment).toISOString();
  const given = () => ({ at: at === null ? null : wire(at), known: at !== null && then ? wire(at) : null });

  function go(moment, { soon = false } = {}) {
    at = moment === null || moment > clock.now() - MINUTE_MS / 2 ? null : moment;
    if (at === null) then = false;
    tell();
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => change(given()), soon ? 120 : 0);
  }

  /** The address is the moment: it can be sent to somebody, and the files are of the same moment. */
  function tell() {
    const { at: moment, known } = given();
    const query = new URLSearchParams(Object.entries({ at: moment, known }).filter(([, value]) => value));
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    for (const link of document.querySelectorAll("[data-file]")) link.search = query.size ? String(query) : "";
  }

  const hours = (moment) => clock.text(moment).replace(".", ":");

  /** The moment of HH:MM on the day, by the difference with one that is known. */
  function read(text) {
    const [hour, minute] = text.split(":").map(Number);
    if (!Number.isFinite(hour) || !Number.isFinite(minute)) return null;
    const [baseHour, baseMinute] = hours(config.transfer.start_ms).split(":").map(Number);
    return config.transfer.start_ms + ((hour - baseHour) * 60 + (minute - baseMinute)) * MINUTE_MS;
  }

  const share = (moment) => `${(((moment - from) / (to - from)) * 100).toFixed(2)}%`;

  function marks() {
    const { transfer, runs } = config;
    return [
      h("span.window", { vars: { "--from": share(transfer.start_ms), "--to": share(transfer.end_ms) } }),
      runs.map((run) =>
        h("span.at-run", {
          class: `at-run place-${config.places[run.destination]?.colour ?? 8}`,
          vars: { "--from": share(run.depart_ms) },
        }),
      ),
      h("span.ahead", { vars: { "--from": share(Math.max(from, Math.min(to, clock.now()))) } }),
    ];
  }

  function draw() {
    const open = begun();
    const value = Math.max(from, Math.min(at ?? last(), to));
    redraw(
      root,
      h(
        "div.when-now",
        {},
        h("p.shown", { "data-past": at !== null }, h("span.unseen", {}, `${words.moment}: `), clock.text(at ?? clock.now())),
        h(
          "button.button",
          { type: "button", "data-key": "now", "aria-pressed": String(at === null), onclick: () => go(null) },
          words.now,
        ),
      ),
      h(
        "div.slide",
        {},
        h("div.marks", { "aria-hidden": "true" }, marks()),
        h("input", {
          type: "range",
          min: from,
          max: to,
          step: MINUTE_MS,
          value,
          disabled: !open,
          "data-key": "slide",
          "aria-label": words.moment,
          "aria-valuetext": clock.text(at ?? clock.now()),
          oninput: (event) => slide(event.target),
        }),
        h(
          "div.ends",
          { "aria-hidden": "true" },
          [from, config.transfer.start_ms, config.transfer.end_ms, to].map((moment) =>
            h("time", { vars: { "--from": share(moment) } }, clock.text(moment)),
          ),
        ),
      ),
      h(
        "label.exact",
        {},
        h("span.unseen", {}, words.moment),
        h("input", {
          type: "time",
          value: hours(at ?? clock.now()),
          "data-key": "exact",
          disabled: !open,
          onchange: (event) => event.target.value && go(Math.min(read(event.target.value), clock.now())),
        }),
      ),
    );
    redraw(past, at === null ? notBegun() : note());
  }

  const notBegun = () =>
    clock.now() < from ? h("p.note", {}, fits(words.not_begun, { at: clock.text(config.transfer.start_ms) })) : null;

  function note() {
    const choice = (value) =>
      h(
        "button.segment",
        {
          type: "button",
          "aria-pressed": String(then === value),
          "data-key": `known:${value ? "then" : "now"}`,
          onclick: () => ((then = value), go(at)),
        },
        value ? words.known_then : words.known_now,
      );
    return h(
      "div.note.said",
      {},
      h("p", { role: "status" }, fits(then ? words.of_then : words.of_now, { at: clock.text(at) })),
      h("button.link", { type: "button", "data-key": "back", onclick: () => go(null) }, words.back),
      h("div.segments", { role: "group", "aria-label": words.moment }, choice(false), choice(true)),
    );
  }

  /** While the thumb moves only the time beside it changes; the numbers follow when it rests. */
  function slide(input) {
    const moment = Math.min(Number(input.value), last());
    input.value = moment;
    put(one(".shown", root).lastChild, clock.text(moment));
    clearTimeout(timer);
    timer = setTimeout(() => go(moment >= last() ? null : moment), 160);
  }

  draw();
  tell();
  setInterval(() => at === null && document.activeElement?.closest?.("[data-moment]") === null && draw(), 15_000);
  return { given, draw, isPast: () => at !== null };
}

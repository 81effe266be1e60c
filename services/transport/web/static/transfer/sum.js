// The conservation line: everybody is in exactly one place, and the page shows that it adds up, or shouts.

import { fits, h } from "../desk/dom.js";
import { icon } from "../desk/icons.js";

/** Draws the sum; `open` says whether the proof is shown. */
export function sumView({ view, config, words, open, toggle }) {
  const totals = view.totals;
  const terms = [
    ["locations", words.on_locations, totals.locations],
    ["aboard", words.in_runs, totals.aboard],
    ["underway", words.underway, totals.underway],
    ["away", words.away, totals.away],
    ["expected", words.not_seen, totals.expected],
  ];
  const sum = terms.reduce((total, [, , value]) => total + value, 0);
  const holds = sum === totals.registered && totals.holds !== false;
  return [
    h(
      "div.equation",
      { "data-holds": String(holds) },
      terms.map(([name, label, value], n) => [
        n ? h("span.sign", { "aria-hidden": "true" }, "+") : null,
        h(
          "p.term",
          { "data-term": name },
          h("span.figure", {}, String(value)),
          " ",
          h("span.unit", {}, h("span.swatch", { "aria-hidden": "true", "data-term": name }), label),
        ),
      ]),
      h("span.sign", { "aria-hidden": "true" }, holds ? "=" : "≠"),
      h("p.term.whole", {}, h("span.figure", {}, String(totals.registered)), " ", h("span.unit", {}, words.registered)),
      h(
        "button.proof",
        { type: "button", "aria-expanded": String(open || !holds), "data-key": "proof", onclick: toggle },
        holds ? [icon("check"), h("span", {}, words.holds)] : [icon("stop"), h("span", {}, words.proof)],
      ),
    ),
    strip(view, config, terms),
    holds
      ? null
      : h(
          "p.note.stop.alarm",
          { role: "alert" },
          h("strong", {}, fits(words.breaks, { sum, registered: totals.registered })),
          " ",
          words.breaks_why,
        ),
    open || !holds ? proof(view, config, words, terms, sum) : null,
  ];
}

const colour = (config, place) => `place-${config.places[place]?.colour ?? 8}`;

function strip(view, config, terms) {
  const here = view.locations.reduce((sum, one) => sum + one.here, 0);
  const shares = [
    ...view.locations.map((one) => [one.place, colour(config, one.place), one.here]),
    ["elsewhere", "elsewhere", Math.max(0, view.totals.locations - here)],
    ...terms.slice(1).map(([name, , value]) => [name, name, value]),
  ];
  return h(
    "div.strip",
    { "aria-hidden": "true" },
    shares
      .filter(([, , value]) => value > 0)
      .map(([name, look, value]) =>
        h("span.share", { class: `share ${look}`, "data-share": name, vars: { "flex-grow": value } }),
      ),
  );
}

/** Every number that is in the sum, so that somebody can add it up. */
function proof(view, config, words, terms, sum) {
  const here = view.locations.reduce((total, one) => total + one.here, 0);
  const rest = view.totals.locations - here;
  const riding = view.legs.flatMap((leg) => leg.runs).filter((run) => run.aboard);
  const others = view.totals.aboard - riding.reduce((total, run) => total + run.aboard, 0);
  const line = (label, value, look) =>
    h(
      "li",
      {},
      look
        ? h("span.swatch", { "aria-hidden": "true", class: `swatch ${look}` })
        : h("span.swatch.blank", { "aria-hidden": "true" }),
      h("span.text", {}, label),
      h("span.amount", {}, String(value)),
    );
  return h(
    "div.proof-lines",
    {},
    h(
      "ul",
      {},
      view.locations.map((one) => line(one.name, one.here, colour(config, one.place))),
      rest ? line(words.elsewhere, rest) : null,
    ),
    h(
      "ul",
      {},
      riding.map((run) => line(run.name, run.aboard)),
      others ? line(words.elsewhere, others) : null,
    ),
    h(
      "ul",
      {},
      terms.slice(2).map(([, label, value]) => line(label, value)),
    ),
    h("p.total", {}, h("span.text", {}, "="), h("strong", {}, String(sum))),
  );
}

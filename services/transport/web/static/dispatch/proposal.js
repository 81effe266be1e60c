// A proposal before it is done: each run before and after, who moves, what is split, who has no seat, and why.

import { fits, h, some } from "../desk/dom.js";
import { icon } from "../desk/icons.js";
import { head, note, waiting } from "./panel.js";

const MOST_SHOWN = 12; // moves that are shown before a tap shows all

/** What a proposal does, and whether to do it. */
export function proposalView(page) {
  const { words, state } = page;
  if (state.working) return [head(page, words.working), waiting(words.working)];
  const proposal = state.proposal;
  if (!proposal) return [head(page, words.kinds[state.asked?.kind ?? "plan"]), page.notice()];
  const changed = proposal.runs.filter((run) => run.before !== run.after || run.wheelchairs !== run.wheelchairs_after);
  return [
    head(page, state.asked?.what ? `${words.kinds[proposal.kind]}: ${state.asked.what}` : (words.kinds[proposal.kind] ?? "")),
    page.notice(),
    proposal.state === "proposed"
      ? h(
          "p.soft.small",
          {},
          words.nothing_changed,
          proposal.kind === "what-if" && proposal.affected ? ` ${some(words.affected, proposal.affected)}` : "",
        )
      : null,
    preferences(proposal, page),
    proposal.left_over?.length ? leftOver(proposal, page) : null,
    changed.length
      ? h(
          "section",
          {},
          h("h3", {}, words.before_after),
          h(
            "ul.changes",
            {},
            changed.map((run) => change(run, page)),
          ),
        )
      : h("p", {}, words.no_moves),
    coaches(proposal, words),
    splits(proposal, page),
    reasons(proposal, page),
    moves(proposal, page),
    foot(proposal, page),
  ];
}

/** Both preferences beside each other, with what each comes to as far as it was worked out. */
function preferences(proposal, page) {
  const { words, state } = page;
  if (proposal.kind !== "plan" || proposal.state !== "proposed" || !state.asked?.body) return null;
  const comes = (plan) =>
    plan
      ? [
          fits(words.n_coaches, { n: plan.coaches_after }),
          some(words.n_splits, plan.splits.length),
          some(words.n_moves, plan.moves.length),
        ].join(" · ")
      : words.not_yet;
  return h(
    "div.compare",
    { role: "group", "aria-label": words.prefer },
    ["fewest", "evenest"].map((prefer) =>
      h(
        "button.choice",
        {
          type: "button",
          "aria-pressed": String((proposal.prefer ?? state.form.prefer) === prefer),
          "data-key": `compare:${prefer}`,
          onclick: () => page.compare(prefer),
        },
        h(
          "span",
          {},
          prefer === "fewest" ? words.fewest : words.even,
          h("span.small.soft.block", {}, comes(state.plans[prefer])),
        ),
      ),
    ),
  );
}

function change(run, page) {
  const { words, day, config } = page;
  const known = day.runs.get(run.run);
  const seats = run.seats ?? known?.seats ?? Math.max(run.before, run.after);
  const most = Math.max(seats, run.before, run.after, 1);
  const share = (n) => `${(n / most) * 100}%`;
  const moved = run.after - run.before;
  return h(
    "li.change",
    { class: `change place-${config.places[known?.destination]?.colour ?? 8}`, "data-look": run.after > seats ? "over" : "" },
    h(
      "p",
      {},
      h("strong", {}, run.name ?? known?.name ?? run.run),
      " ",
      h("span.soft.small", {}, config.places[known?.destination]?.name ?? ""),
      h(
        "span.numbers",
        {},
        h("span.soft", {}, String(run.before)),
        " → ",
        h("strong", {}, String(run.after)),
        h("span.of", {}, `/${seats}`),
        h("span.delta", { "data-up": moved > 0 }, moved > 0 ? `+${moved}` : moved < 0 ? `−${-moved}` : "0"),
      ),
    ),
    h(
      "div.gauge",
      { "aria-hidden": "true", vars: { "--before": share(run.before), "--after": share(run.after), "--seats": share(seats) } },
      h("span.was"),
      h("span.will"),
      h("span.most"),
    ),
    run.wheelchairs !== undefined && run.wheelchairs !== run.wheelchairs_after
      ? h(
          "p.small.soft",
          {},
          icon("wheelchair"),
          " ",
          fits(words.wheelchairs_then, { n: run.wheelchairs_after, m: run.wheelchairs }),
        )
      : null,
  );
}

/** Who would have no seat, under the reason that they share. */
function leftOver(proposal, page) {
  const by = new Map();
  for (const one of proposal.left_over) by.set(page.say(one.why), [...(by.get(page.say(one.why)) ?? []), one.name ?? one.person]);
  const names = (all) =>
    [all.slice(0, MOST_SHOWN).join(", "), all.length > MOST_SHOWN ? ` … +${all.length - MOST_SHOWN}` : ""].join("");
  return h(
    "section.note.stop",
    { role: "alert" },
    h("h3", {}, `${page.words.left_over}: ${proposal.left_over.length}`),
    [...by].map(([reason, all]) => h("p", {}, h("strong", {}, reason), h("span.small.block", {}, names(all)))),
  );
}

const coaches = ({ coaches_before: before, coaches_after: after }, words) =>
  before !== undefined && after !== undefined && before !== after
    ? h("p", {}, fits(words.coaches, { n: after, m: before }))
    : null;

function splits(proposal, page) {
  const { words, day } = page;
  if (!proposal.splits?.length) return null;
  return h(
    "section",
    {},
    h("h3", {}, words.split, " ", h("span.tally", {}, String(proposal.splits.length))),
    h(
      "ul.splits",
      {},
      proposal.splits.map((one) =>
        h(
          "li",
          {},
          icon("split"),
          h(
            "span",
            {},
            h("strong", {}, one.organisation),
            " ",
            one.pieces.map((piece, n) => [
              n ? " · " : "",
              `${piece.run ? (day.runs.get(piece.run)?.name ?? piece.run) : words.no_seat} ${piece.people}`,
            ]),
            h("span.small.soft.block", {}, page.say(one.why)),
          ),
        ),
      ),
    ),
  );
}

const reasons = (proposal, page) =>
  proposal.why?.length
    ? h(
        "section",
        {},
        h("h3", {}, page.words.why),
        h(
          "ul.why",
          {},
          proposal.why.map((one) => h("li.small", {}, page.say(one))),
        ),
      )
    : null;

function moves(proposal, page) {
  const { words, day, state } = page;
  if (!proposal.moves.length) return null;
  const name = (id) => (id ? (day.runs.get(id)?.name ?? id) : words.no_seat);
  const shown = state.allMoves ? proposal.moves : proposal.moves.slice(0, MOST_SHOWN);
  return h(
    "section",
    {},
    h("h3", {}, words.who, " ", h("span.tally", {}, String(proposal.moves.length))),
    h(
      "ul.moves",
      {},
      shown.map((one) =>
        h(
          "li",
          {},
          h("span", {}, one.name ?? one.person),
          h("span.soft", {}, `${name(one.from)} → `, h("strong", {}, name(one.to))),
        ),
      ),
    ),
    shown.length < proposal.moves.length
      ? h(
          "button.button.plain",
          { type: "button", "data-key": "all-moves", onclick: () => page.set({ allMoves: true }) },
          `+ ${some(words.people, proposal.moves.length - shown.length)}`,
        )
      : null,
  );
}

function foot(proposal, page) {
  const { words, state } = page;
  if (proposal.state === "applied")
    return h(
      "div.foot",
      {},
      h("p", {}, icon("check"), " ", fits(words.done, { what: some(words.people, proposal.moves.length) })),
      h(
        "button.button",
        { type: "button", "data-key": "undo", disabled: !page.online() || state.busy, onclick: () => page.act("undo") },
        words.undo,
      ),
    );
  if (proposal.state === "undone") return h("div.foot", {}, h("p", {}, words.undone));
  if (state.stale)
    return h(
      "div.foot.stack",
      {},
      note("warn", words.stale),
      h(
        "button.primary",
        { type: "button", "data-key": "again", onclick: () => page.propose(state.asked.body, state.asked) },
        words.again,
      ),
    );
  return h(
    "div.foot",
    {},
    h("button.button", { type: "button", "data-key": "drop", onclick: () => page.go("attention") }, words.drop),
    h(
      "button.primary",
      {
        type: "button",
        "data-key": "apply",
        disabled: !page.online() || state.busy || !proposal.moves.length,
        onclick: () => page.act("apply"),
      },
      proposal.moves.length ? some(words.apply_n, proposal.moves.length) : words.apply,
    ),
  );
}

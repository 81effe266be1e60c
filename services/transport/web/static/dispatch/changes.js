// What the dispatcher changes, and what is asked for it: lists of people, proposals, a relief coach. Nothing is sent twice:
// an apply, an undo and a replace keep their Idempotency-Key until they were answered.

import { ask, Problem, why } from "../desk/ask.js";
import { fits, h, one, put, some } from "../desk/dom.js";
import { uuid7 } from "../../uuid7.js";

/** The actions of the page; `drawSide()`, `drawLine()` draw, `go(view, more)` shows a view, `refresh()` asks for the day. */
export function makeChanges({ page, side, drawSide, drawLine, go, refresh }) {
  const { config, words, state } = page;
  let key = null;

  const failed = (error) => h("p.note.stop", { role: "alert" }, fits(words.failed, { why: why(error, config.live_words) }));

  async function loadList(run) {
    try {
      const list = await ask(`${config.api}/runs/${encodeURIComponent(run)}/passengers`);
      state.lists.set(run, { persons: list.persons });
    } catch (error) {
      if (!state.lists.get(run)?.persons) state.lists.set(run, { error: why(error, config.live_words) });
    }
    if (state.view === "run" && state.run === run) drawSide();
  }

  async function loadHistory() {
    try {
      const found = await Promise.all(
        config.transfers.map((transfer) => ask(`${config.api}/transfers/${encodeURIComponent(transfer.id)}/allocations`)),
      );
      const all = found.flatMap((one) => (Array.isArray(one) ? one : (one.allocations ?? [])));
      state.history = all.sort((a, b) => b.at.localeCompare(a.at));
    } catch (error) {
      state.notice = failed(error);
      state.history ??= [];
    }
    if (state.view === "history") drawSide();
  }

  /** The other preference: as it was worked out before, or now. */
  function compare(prefer) {
    const known = state.plans[prefer];
    state.form = { ...state.form, prefer };
    if (!known) return propose({ prefer }, { kind: "plan", transfer: state.asked.transfer });
    Object.assign(state, { proposal: known, asked: { ...state.asked, body: { prefer } }, stale: false, notice: null });
    drawSide();
    drawLine();
  }

  async function propose(body, asked) {
    Object.assign(state, { asked: { kind: "move", ...asked, body }, working: true, proposal: null });
    go("proposal");
    try {
      state.proposal = await ask(`${config.api}/transfers/${encodeURIComponent(asked.transfer ?? state.zoom)}/allocations`, {
        body,
        key: uuid7(),
      });
      if (body?.prefer) state.plans[body.prefer] = state.proposal;
    } catch (error) {
      state.notice = failed(error);
    }
    state.working = false;
    if (state.view !== "proposal") return;
    drawSide();
    drawLine();
    one("[data-title]", side)?.focus({ preventScroll: true });
  }

  /** Apply or undo the proposal that is shown. */
  async function act(what) {
    const proposal = state.proposal;
    Object.assign(state, { busy: true, notice: null });
    drawSide();
    try {
      const done = await ask(`${config.api}/allocations/${encodeURIComponent(proposal.allocation)}/${what}`, {
        body: {},
        key: (key ??= uuid7()),
      });
      state.proposal = { ...proposal, ...done, state: what === "apply" ? "applied" : "undone" };
      key = null;
      state.lists.clear();
      put(
        one("[data-say]"),
        what === "apply" ? fits(words.done, { what: some(words.people, proposal.moves.length) }) : words.undone,
      );
      await refresh();
    } catch (error) {
      if (error instanceof Problem && error.status === 409 && what === "apply") state.stale = true;
      else state.notice = failed(error);
    }
    state.busy = false;
    drawSide();
    drawLine();
  }

  async function openPast(allocation) {
    try {
      state.proposal = await ask(`${config.api}/allocations/${encodeURIComponent(allocation)}`);
      state.asked = { kind: state.proposal.kind, body: null };
      go("proposal");
    } catch (error) {
      page.set({ notice: failed(error) });
    }
  }

  /** The relief coach that the form describes; null while it is not enough. */
  function relief() {
    const { form } = state;
    const spare = page.day.coaches.find((coach) => coach.id === form.relief);
    if (spare) return { coach: spare.id, name: spare.name, seats: spare.seats ?? 0, wheelchairs: spare.wheelchairs };
    const name = (form.name ?? "").trim();
    const seats = Number.parseInt(form.seats, 10);
    if (form.relief !== "" || !name || !(seats > 0)) return null;
    return { name, seats, wheelchairs: Number.parseInt(form.wheelchairs, 10) || 0, plate: (form.plate ?? "").trim() };
  }

  async function replace(run, coach) {
    Object.assign(state, { busy: true, notice: null });
    drawSide();
    try {
      const { coach: id, ...made } = coach;
      await ask(`${config.api}/runs/${encodeURIComponent(run.id)}/replace`, {
        body: { coach: id ?? made },
        key: (key ??= uuid7()),
      });
      key = null;
      state.lists.clear();
      const said = fits(words.replaced_done, { coach: coach.name, run: run.name });
      state.busy = false;
      go("run", { run: run.id });
      state.notice = h("p.note.ok", { role: "status" }, said);
      await refresh();
    } catch (error) {
      Object.assign(state, { busy: false, notice: failed(error) });
    }
    drawSide();
  }

  /** Another view: what is sent from there is another request. */
  const fresh = () => (key = null);

  return { loadList, loadHistory, propose, compare, act, openPast, relief, replace, fresh };
}

// Who of a run is chosen, and what moving them is called.

import { h, some } from "../desk/dom.js";

/** Who of a run is chosen: ids of persons, or one group. */
export function makeChosen() {
  const persons = new Set();
  let group = null;
  return {
    persons,
    get group() {
      return group;
    },
    pickGroup(next) {
      persons.clear();
      group = group?.id === next.id ? null : next;
    },
    toggle(ids) {
      group = null;
      const on = ids.some((id) => !persons.has(id));
      for (const id of ids) on ? persons.add(id) : persons.delete(id);
    },
    clear() {
      persons.clear();
      group = null;
    },
  };
}

/** The move of what is chosen: a whole organisation by its name, a group by its id, else persons. */
export function chosenMove(page) {
  const { chosen, state, words, day } = page;
  const run = day.runs.get(state.run);
  if (chosen.group) return { group: chosen.group.id, from: run.id, what: chosen.group.name, n: null, transfer: run.transfer };
  const members = (state.lists.get(run.id)?.persons ?? []).filter((one) => chosen.persons.has(one.person));
  const first = members[0]?.organisation;
  const whole =
    first &&
    members.length > 1 &&
    members.every((one) => one.organisation === first) &&
    (state.lists.get(run.id)?.persons ?? []).filter((one) => one.organisation === first).length === members.length;
  const base = { from: run.id, n: members.length, transfer: run.transfer };
  if (whole) return { ...base, organisation: first, what: first };
  return {
    ...base,
    persons: members.map((one) => one.person),
    what: members.length === 1 ? members[0].name : some(words.people, members.length),
  };
}

/** The bar under the list when somebody is chosen. */
export function chosenBar(page) {
  const { words, chosen, state } = page;
  if (state.view !== "run" || (!chosen.persons.size && !chosen.group)) return null;
  return h(
    "div.chosen",
    { role: "status" },
    h("strong", {}, chosen.group ? chosen.group.name : some(words.selected, chosen.persons.size)),
    h(
      "button.button.plain",
      { type: "button", "data-key": "clear", onclick: () => page.choose(() => chosen.clear()) },
      words.clear,
    ),
    h(
      "button.primary",
      { type: "button", "data-key": "move", disabled: !page.online(), onclick: () => page.move(chosenMove(page)) },
      words.move_to,
    ),
  );
}

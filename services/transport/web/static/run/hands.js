// What a hand does to a person, with its word and its way back. Every one is an act; none is ever refused here.

/**
 * @param {{
 *   model: import("./model.js").Model, words: import("./words.js").Words,
 *   say: (text: string, more?: {undo?: string, level?: string}) => void,
 * }} parts
 */
export function createHands({ model, words, say }) {
  const { t } = words;
  const rowOf = (/** @type {string} */ person) => model.sheet?.persons?.find((/** @type {any} */ row) => row.person === person);
  const nameOf = (/** @type {string} */ person, name = "") => rowOf(person)?.name || name;

  /** @param {string} kind @param {any} members @param {string} text @param {any} [local] */
  function done(kind, members, text, local) {
    const { id } = model.act(kind, members, local);
    say(text, { undo: id });
    return id;
  }

  const hands = {
    rowOf,
    nameOf,
    /** @param {string} person @param {{name?: string, organisation?: string}} [known] of somebody who is not on the sheet */
    board: (person, known = {}) => done("aboard", { person }, t("done_aboard", { name: nameOf(person, known.name) }), known),
    /** A badge that was read and is taken in spite of its verdict. @param {string} badge @param {string} digest @param {string} name */
    boardBadge: (badge, digest, name) => done("aboard", { badge }, t("done_aboard", { name: name || t("somebody") }), { digest }),
    /** Got off. @param {string} person */
    off(person) {
      const arrived = model.sheet.state === "arrived";
      return done("off", { person }, t(arrived ? "done_alighted" : "done_off", { name: nameOf(person) }));
    },
    /** The second tap: takes back what the first did; whom a badge put there has got off. @param {string} person */
    unboard(person) {
      const row = rowOf(person);
      if (row?.act && row.how === "manual" && model.canUndo(row.act)) return hands.undo(row.act, person);
      return hands.off(person);
    },
    /** @param {string} person @param {string} why @param {string} [to] @param {string} [run] its name */
    excuse(person, why, to, run) {
      const text = t("done_excused", { name: nameOf(person), why: t(`why_${why}`, { run }) });
      return why === "away" ? done("away", { person }, text) : done("excuse", { person, why, ...(to ? { to } : {}) }, text);
    },
    /** Seen at a place. @param {string} person @param {{place: string, name: string}} place */
    here: (person, place) => done("here", { person, place: place.place }, t("done_here", { name: nameOf(person), place: place.name })),
    /** @param {string} party @param {string} leader */
    vouch(party, leader) {
      const { persons, parties } = model.sheet;
      const waiting = persons.filter((/** @type {any} */ row) => row.party === party && ["a", "f"].includes(row.letter));
      const name = parties?.find((/** @type {any} */ one) => one.party === party)?.name ?? waiting[0]?.organisation ?? "";
      if (!waiting.length) return null;
      return done("vouch", { persons: waiting.map((/** @type {any} */ row) => row.person), leader: leader || name }, words.n("done_vouched", waiting.length, { party: name }));
    },
    /** @param {number} change @param {string} [leader] */
    nameless: (change, leader = "") => done("nameless", { change, leader }, t("done_nameless", { change: change > 0 ? `+${change}` : `−${-change}` })),
    /** @param {string} id @param {string} [person] */
    undo(id, person) {
      model.act("undo", { undoes: id, ...(person ? { person } : {}) });
      say(person ? t("done_undone_of", { name: nameOf(person) }) : t("done_undone"), {});
      return id;
    },
  };
  return hands;
}

/** @typedef {ReturnType<typeof createHands>} Hands */

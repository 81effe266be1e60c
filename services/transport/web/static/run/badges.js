// Badges: read by camera, hand scanner or NFC, answered at once from the sheet's digests, and by the service when it can
// be reached. An answer that is not what was shown comes up as such.

import { answerOf } from "../../tones.js";
import { rowOfBadge } from "./apply.js";
import { GONE } from "./letters.js";
import { shownOf } from "./verdict.js";

/** @param {string} code */
export async function digestOf(code) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What the sheet says to a badge, by the rules of the service; null when it does not know it.
 * @param {any} sheet @param {any} row @returns {{answer: import("../../tones.js").Answer, reason: string}}
 */
export function judge(sheet, row) {
  if (!row) return { answer: "stored", reason: "stored" };
  if (row.state === "aboard") return { answer: "again", reason: "again" };
  if (GONE.has(sheet.state)) return { answer: "refuse", reason: "departed" };
  if (["planned", "halted", "cancelled"].includes(sheet.state)) return { answer: "refuse", reason: "closed" };
  return { answer: "admit", reason: "aboard" };
}

/**
 * @param {{
 *   model: import("./model.js").Model, keep: import("./keep.js").Keep, words: import("./words.js").Words,
 *   clock: import("./clock.js").Clock, verdict: import("./verdict.js").Verdict, send: () => void,
 *   say: (text: string, more?: any) => void,
 * }} parts
 */
export function createBadges({ model, keep, words, clock, verdict, send, say }) {
  const { t } = words;

  /** @param {string} id @param {string} answer @param {any} word @param {any} line @param {string} name */
  const note = (id, answer, word, line, name) => keep.say({ id, run: model.sheet.run, at: clock.text(), answer, word, line, name });
  const both = (/** @type {string} */ text) => ({ nl: text, en: text });

  /** A badge was read. @param {string} code */
  async function read(code) {
    const { sheet } = model;
    if (!sheet) return;
    const digest = await digestOf(code);
    const row = rowOfBadge(model.sheet, digest);
    if (row && model.sheet.state === "arrived") return alighted(row);
    const said = judge(model.sheet, row);
    const word = t(`verdict_${said.reason}`);
    const line = said.reason === "stored" ? t("stored_line") : [t("to_place", { place: sheet.destination.name }), sheet.name].join(" · ");
    verdict.show({ ...said, word, line, name: row?.name ?? "", badge: code, digest, person: row?.person });
    const { id } = sheet.checkpoint
      ? model.scan(code, { person: row?.person, digest, shown: said })
      : model.act("aboard", { badge: code }, { digest, shown: said });
    note(id, said.answer, both(word), both(said.reason === "stored" ? line : ""), row?.name ?? "");
    send();
  }

  /** At the destination a badge says that somebody got off. @param {any} row */
  function alighted(row) {
    const { id } = model.act("off", { person: row.person });
    const word = t("verdict_off");
    verdict.show({ answer: "goodbye", reason: "off", word, name: row.name, line: model.sheet.destination.name });
    note(id, "goodbye", both(word), both(""), row.name);
    send();
  }

  /**
   * What the service answered to a scan. @param {import("./keep.js").Entry} entry @param {any} answer
   */
  function answered(entry, answer) {
    if (!answer?.outcome || !answer.title) return;
    const shown = entry.local.shown ?? {};
    const name = answer.person?.name ?? keep.said().find(({ id }) => id === entry.id)?.name ?? "";
    note(entry.id, answerOf(answer), answer.title, answer.line, name);
    const same = shown.answer === answerOf(answer) && (shown.reason === answer.reason || shown.answer !== "refuse");
    if (same) return;
    const told = { ...shownOf(answer, words), name, badge: entry.body.badge, digest: entry.local.digest };
    // who stands there and waits gets the answer; who was told otherwise, or went on, must hear that it is not so
    const stands = shown.answer === "stored" && verdict.shown?.digest === told.digest;
    if (stands) verdict.show(told);
    else if (told.answer === "warn" || told.answer === "refuse") verdict.late({ ...told, late: t("late_answer", { at: words.clock(entry.body.at) }) });
    else say(t("late_done", { name: name || t("somebody"), word: told.word, at: words.clock(entry.body.at) }));
  }

  /** The answer of the service has no name; the sheet that comes after it does. */
  function named() {
    const { shown } = verdict;
    const row = shown?.digest && !shown.name ? rowOfBadge(model.sheet, shown.digest) : null;
    if (row) verdict.name(shown?.digest ?? "", row.name);
  }

  return { read, answered, named };
}

// The answer to a badge, over the whole screen: colour, picture and word, what follows from it, a tone and a touch.

import { answerOf } from "../../tones.js";
import { button, h, icon, one, put, refill } from "./dom.js";

const SIGNS = { admit: "check", again: "twice", goodbye: "out", warn: "note", refuse: "stop", stored: "wait" };
const SHORT_MS = 1400;

/**
 * @typedef {{answer: import("../../tones.js").Answer, reason: string, word: string, name?: string, line?: string, late?: string, person?: string | null, badge?: string, digest?: string}} Shown
 * @param {{words: import("./words.js").Words, tones: ReturnType<typeof import("../../tones.js").createTones>, onTake: (shown: Shown) => void}} parts
 */
export function createVerdict({ words, tones, onTake }) {
  const { t } = words;
  const screen = /** @type {HTMLElement} */ (one("[data-verdict]"));
  const said = h("div", { class: "verdict-said" });
  const foot = h("div", { class: "verdict-foot" });
  screen.append(said, foot);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Shown | null} */
  let current = null;
  /** @type {Shown[]} answers that came late wait until the one on the screen was seen */
  const waiting = [];

  function hide() {
    clearTimeout(timer);
    screen.hidden = true;
    delete screen.dataset.answer;
    const next = waiting.shift();
    if (next) show(next);
  }

  /** Who is refused by a rule of the coach can be taken all the same: the coordinator decides. @param {Shown} shown */
  const canTake = ({ reason, badge }) => Boolean(badge) && ["full", "not-listed", "other-run", "departed", "closed"].includes(reason);

  /** @param {Shown} shown */
  function show(shown) {
    clearTimeout(timer);
    current = shown;
    const { answer } = shown;
    screen.dataset.answer = answer;
    said.setAttribute("role", answer === "warn" || answer === "refuse" ? "alert" : "status");
    said.replaceChildren(
      h("span", { class: "verdict-sign" }, icon(SIGNS[answer])),
      h("p", { class: "verdict-late", hidden: !shown.late }, shown.late ?? ""),
      h("p", { class: "verdict-word" }, shown.word),
      h("p", { class: "verdict-name" }, shown.name ?? ""),
      h("p", { class: "verdict-line" }, shown.line ?? ""),
    );
    const take = canTake(shown) && answer === "refuse" && button("verdict-key", t("take_anyway"), () => (hide(), onTake(shown)), { icon: "hand", key: "take" });
    refill(foot, [take, button("verdict-key", t("go_on"), hide, { icon: "check", key: "go-on" })]);
    screen.hidden = false;
    tones.play(answer);
    if (answer !== "warn" && answer !== "refuse" && !shown.late) timer = setTimeout(hide, SHORT_MS);
  }

  said.addEventListener("click", hide);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !screen.hidden) hide();
  });
  return {
    show,
    hide,
    /** An answer to an earlier badge. @param {Shown} shown */
    late: (shown) => (screen.hidden ? show(shown) : waiting.push(shown)),
    /** Who it was came in later. @param {string} digest @param {string} name */
    name(digest, name) {
      if (!screen.hidden && current?.digest === digest && !current.name) put(said.querySelector(".verdict-name"), name);
    },
    /** @returns {Shown | null} */
    get shown() {
      return screen.hidden ? null : current;
    },
  };
}

/** @typedef {ReturnType<typeof createVerdict>} Verdict */

/** What a verdict of the service shows. @param {any} verdict @param {import("./words.js").Words} words @returns {Shown} */
export const shownOf = (verdict, words) => ({
  answer: answerOf(verdict),
  reason: verdict.reason,
  word: words.of(verdict.title),
  line: words.of(verdict.line),
  name: verdict.person?.name ?? "",
});

// The letters of docs/runs.md, as the page needs them without network: which steps a run allows, and how it is after one.

/** @typedef {{letter: string, step: string, from: string[], to: string | null}} Transition `to` null: it depends */

const RUNNING = ["boarding", "last_call", "departed"];
/** @type {Transition[]} */
export const TABLE = [
  { letter: "B", step: "open", from: ["planned"], to: "boarding" },
  { letter: "C", step: "last-call", from: ["boarding"], to: "last_call" },
  { letter: "D", step: "depart", from: ["boarding", "last_call"], to: "departed" },
  { letter: "E", step: "arrive", from: ["departed"], to: "arrived" },
  { letter: "F", step: "close", from: ["arrived"], to: "closed" },
  { letter: "G", step: "cancel", from: ["planned", "boarding", "last_call"], to: "cancelled" },
  { letter: "H", step: "reopen", from: ["last_call", "departed"], to: "boarding" },
  { letter: "J", step: "halt", from: RUNNING, to: "halted" },
  { letter: "K", step: "replace", from: ["planned", ...RUNNING, "halted"], to: null },
  { letter: "L", step: "resume", from: ["halted"], to: null },
];
export const REOPEN_MS = 120_000;
/** A run whose personal data has no reason to be on a phone any more. */
export const OVER = new Set(["closed", "cancelled"]);
/** Who is still to come. */
export const WAITED_FOR = new Set(["a", "f"]);
/** A run that left: nobody is waited for any more. */
export const GONE = new Set(["departed", "arrived", "closed"]);

/** @param {string} state */
export const allowedIn = (state) => TABLE.filter(({ from }) => from.includes(state)).map(({ letter, step }) => ({ letter, step }));

/** @param {{allowed: {step: string}[]}} sheet @param {string} step */
export const allows = (sheet, step) => sheet.allowed.some((one) => one.step === step);

/** The one step that most likely comes next; null when there is none. @param {any} sheet */
export function nextStep(sheet) {
  switch (sheet.state) {
    case "planned":
      return "open";
    case "boarding":
      return sheet.numbers.to_come === 0 && sheet.numbers.aboard + sheet.numbers.nameless > 0 ? "depart" : "last-call";
    case "last_call":
      return "depart";
    case "departed":
      return "arrive";
    case "arrived":
      return "close";
    case "halted":
      return "resume";
    default:
      return null;
  }
}

/** Whether a run that departed may still be opened again (H). @param {any} sheet @param {number} now ms */
export function reopens(sheet, now) {
  if (sheet.state === "last_call") return true;
  const left = Date.parse(sheet.times.depart.real ?? "");
  return sheet.state === "departed" && now - left <= REOPEN_MS;
}

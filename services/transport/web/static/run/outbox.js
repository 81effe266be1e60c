// Sends what was done, in order, as soon as the service can be reached: at once, when the network is back, and every ten
// seconds. Every act and scan has its own id, so that one that is sent twice changes nothing.

const MOST = 100;
const PATIENCE_MS = 10_000;
const EVERY_MS = 10_000;
const FIRST_WAIT_MS = 500;

/**
 * @typedef {import("./keep.js").Entry} Entry
 * @typedef {"ok" | "offline" | "signed-out" | "forbidden" | "trouble"} Reached
 */

/**
 * @param {{
 *   model: import("./model.js").Model, keep: import("./keep.js").Keep, clock: import("./clock.js").Clock,
 *   urls: {acts: string, scans: string},
 *   onAnswer: (entry: Entry, answer: any) => void, onReached: (how: Reached) => void, onSent: () => void,
 * }} parts
 */
export function createOutbox({ model, keep, clock, urls, onAnswer, onReached, onSent }) {
  let sending = false;
  let wait = FIRST_WAIT_MS;
  let alone = false; // one of the last batch is bad: find out which
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** The first that can go together: acts and scans have an address each, and their order is kept. */
  function batch() {
    const waiting = keep.unsent();
    const other = waiting.findIndex((entry) => entry.type !== waiting[0].type);
    return waiting.slice(0, Math.min(alone ? 1 : MOST, other < 0 ? waiting.length : other));
  }

  /** @param {Entry[]} entries */
  const post = (entries) =>
    fetch(entries[0].type === "act" ? urls.acts : urls.scans, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(entries.map((entry) => aged(entry))),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });

  /** @param {Entry} entry */
  function aged({ body, mark }) {
    const age_ms = clock.since(mark);
    return age_ms === null ? body : { ...body, age_ms };
  }

  /** @returns {Promise<boolean>} whether to go on at once */
  async function sendSome() {
    const entries = batch();
    let answer;
    try {
      answer = await post(entries);
    } catch {
      onReached("offline");
      return false;
    }
    if (answer.ok) return taken(entries, await answer.json());
    if ([400, 413, 415, 422].includes(answer.status)) return refusedWhole(entries, await problemOf(answer));
    onReached(answer.status === 401 ? "signed-out" : answer.status === 403 ? "forbidden" : "trouble");
    return false;
  }

  /** @param {Entry[]} entries @param {any[]} answers */
  function taken(entries, answers) {
    onReached("ok");
    alone = false;
    wait = FIRST_WAIT_MS;
    const isRefused = (/** @type {any} */ answer) => answer?.outcome === "refused" || (answer?.status >= 400 && !answer.scan);
    const bad = entries.filter((entry, at) => entry.type === "act" && isRefused(answers[at]));
    const stray = entries.filter((entry, at) => entry.type === "scan" && isRefused(answers[at]));
    const gone = [...bad, ...stray];
    model.sent(entries.filter((entry) => !gone.includes(entry)));
    if (gone.length) model.refused(gone.map(({ id }) => id));
    entries.forEach((entry, at) => onAnswer(entry, answers[at]));
    return true;
  }

  /** @param {Entry[]} entries @param {any} problem */
  function refusedWhole(entries, problem) {
    if (entries.length > 1) {
      alone = true;
      return true;
    }
    model.refused(entries.map(({ id }) => id));
    onAnswer(entries[0], { outcome: "refused", why: { nl: problem.detail, en: problem.detail } });
    return true;
  }

  async function kick() {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    let any = false;
    try {
      while (keep.unsent().length) {
        if (!(await sendSome())) {
          retryLater();
          break;
        }
        any = true;
      }
    } finally {
      sending = false;
    }
    if (any) onSent();
  }

  function retryLater() {
    timer = setTimeout(kick, wait * (0.75 + Math.random() / 2)); // not all phones at the same moment
    wait = Math.min(wait * 2, EVERY_MS);
  }

  addEventListener("online", () => {
    wait = FIRST_WAIT_MS;
    kick();
  });
  setInterval(() => keep.unsent().length && kick(), EVERY_MS);
  return { kick };
}

/** @param {Response} answer */
async function problemOf(answer) {
  try {
    return await answer.json();
  } catch {
    return { detail: String(answer.status) };
  }
}

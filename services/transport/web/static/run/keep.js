// What this phone keeps of a run: the last sheet, what was done and not sent yet, and what was answered last. All of it is
// in memory, and on the disk as soon as the disk is done; without a disk the page works until it is closed.

import { open } from "../../store.js";
import { afterPaint } from "./dom.js";

/**
 * @typedef {{id: string, run: string, type: "act" | "scan", body: any, local: any, mark: any, sent: boolean}} Entry
 *   `body` is what is sent, `local` what only this page needs to show it
 * @typedef {{id: string, run: string, at: string, answer: string, word: any, line: any, name: string}} Said
 */

const STORES = {
  sheets: { keyPath: "run" },
  queue: { keyPath: "id" },
  said: { keyPath: "id" },
};
const OLD_MS = 12 * 3600_000;
const LAST = 10;

/** @param {{run: string, onTrouble?: (error: unknown) => void}} options */
export async function createKeep({ run, onTrouble = () => {} }) {
  const disk = await open("inloop-run", 1, STORES).catch((error) => {
    onTrouble(error);
    return null;
  });
  /** @type {Map<string, Entry>} of every run, in the order of their ids: that is the order in which they were made */
  const queue = new Map();
  /** @type {Said[]} of this run, newest first */
  let said = [];
  let stored = null;

  if (disk) {
    for (const entry of await disk.all("queue")) queue.set(entry.id, entry);
    said = (await disk.all("said")).filter((one) => one.run === run).reverse();
    stored = (await disk.get("sheets", run)) ?? null;
    await forgetOld(disk, run, queue);
  }
  /** @type {Promise<unknown>} */
  let writing = Promise.resolve();
  /** @type {((rows: import("../../store.js").Rows) => unknown)[]} */
  let works = [];
  /** What came since the last time, in order, in one transaction. */
  const writeAll = () => {
    const now = works;
    works = [];
    return disk?.transaction(["sheets", "queue", "said"], "readwrite", (rows) => Promise.all(now.map((work) => work(rows))));
  };
  /** Right after the hand saw what it did. @param {(rows: import("../../store.js").Rows) => unknown} work */
  const write = (work) => {
    works.push(work);
    if (disk && works.length === 1) {
      const painted = new Promise((resolve) => afterPaint(() => resolve(undefined)));
      writing = Promise.all([writing, painted]).then(writeAll).catch(onTrouble);
    }
    return writing;
  };

  return {
    stored,
    isOnDisk: disk !== null,
    /** Resolves when all that was asked is on the disk. */
    written: () => writing,
    entries: () => [...queue.values()],
    own: () => [...queue.values()].filter((entry) => entry.run === run),
    unsent: () => [...queue.values()].filter((entry) => !entry.sent),
    said: () => said,
    /** @param {Entry} entry */
    add(entry) {
      queue.set(entry.id, entry);
      return write((rows) => rows.put("queue", entry));
    },
    /** They are with the service, and stay here until a sheet has them. @param {Entry[]} entries */
    markSent(entries) {
      for (const entry of entries) entry.sent = true;
      return write((rows) => Promise.all(entries.filter(({ id }) => queue.has(id)).map((entry) => rows.put("queue", entry))));
    },
    /** @param {string[]} ids */
    drop(ids) {
      for (const id of ids) queue.delete(id);
      return write((rows) => Promise.all(ids.map((id) => rows.delete("queue", id))));
    },
    /** A sheet that has what `ids` said. @param {any} sheet @param {any} anchor @param {string[]} ids */
    sheet(sheet, anchor, ids) {
      for (const id of ids) queue.delete(id);
      return write((rows) => Promise.all([rows.put("sheets", { run, sheet, anchor }), ...ids.map((id) => rows.delete("queue", id))]));
    },
    /** @param {Said} line */
    say(line) {
      const lost = said.filter((one) => one.id === line.id).concat(said.slice(LAST - 1));
      said = [line, ...said.filter((one) => one.id !== line.id)].slice(0, LAST);
      return write((rows) => Promise.all([...lost.map(({ id }) => rows.delete("said", id)), rows.put("said", line)]));
    },
    /** The run is over: nothing of it stays on this phone. */
    forget() {
      said = [];
      for (const entry of [...queue.values()]) if (entry.run === run) queue.delete(entry.id);
      return write(async (rows) => {
        await rows.delete("sheets", run);
        await deleteOf(rows, "said", run);
        await deleteOf(rows, "queue", run);
      });
    },
    /** Somebody signs out: nothing of any run stays. */
    forgetAll() {
      said = [];
      queue.clear();
      return write((rows) => Promise.all([rows.clear("sheets"), rows.clear("said"), rows.clear("queue")]));
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof createKeep>>} Keep */

/** @param {import("../../store.js").Rows} rows @param {string} store @param {string} run */
async function deleteOf(rows, store, run) {
  for (const row of await rows.all(store)) if (row.run === run) await rows.delete(store, row.id);
}

/** What is left of runs of another day, or of another coordinator on this phone; never what was not sent. @param {import("../../store.js").Store} disk @param {string} run @param {Map<string, Entry>} queue */
async function forgetOld(disk, run, queue) {
  const waits = new Set([...queue.values()].filter((entry) => !entry.sent).map((entry) => entry.run));
  for (const { run: other, anchor } of await disk.all("sheets")) {
    if (other === run || waits.has(other) || Date.now() - anchor.wall_ms < OLD_MS) continue;
    await disk.transaction(["sheets", "said"], "readwrite", async (rows) => {
      await rows.delete("sheets", other);
      await deleteOf(rows, "said", other);
    });
  }
}

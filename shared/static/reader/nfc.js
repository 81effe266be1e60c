// Cards and stickers that are held against the phone (Web NFC: Chrome on Android).

/** @typedef {{recordType: string, encoding?: string, lang?: string, data?: DataView}} Rec */

/**
 * What a tag says: its text in the page's language, else its first text, else its serial number as upper-case
 * hexadecimal digits, as lists of staff cards have it.
 *
 * @param {{serialNumber?: string, message?: {records: readonly Rec[]}}} tag
 * @param {string} language
 */
export function codeOf({ serialNumber = "", message }, language) {
  const texts = [...(message?.records ?? [])].filter((record) => record.recordType === "text" && record.data);
  const chosen = texts.find((record) => record.lang?.split("-")[0] === language) ?? texts[0];
  const text = chosen ? new TextDecoder(chosen.encoding ?? "utf-8").decode(chosen.data).trim() : "";
  return text || serialNumber.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

/** @returns {"denied" | "missing" | "unsupported" | "failed"} */
const why = (/** @type {unknown} */ error) => {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return "denied";
  if (name === "NotReadableError") return "missing"; // switched off in the phone's settings
  return name === "NotSupportedError" ? "unsupported" : "failed";
};

export const nfcIsThere = () => "NDEFReader" in globalThis;

/**
 * @param {{onRead: (code: string) => void, onState: (change: import("./reader.js").SourceChange) => void, language: string}} options
 */
export function createNfc({ onRead, onState, language }) {
  /** @type {AbortController | null} */
  let running = null;

  /** From within a touch, the first time: the browser asks for leave. */
  async function start() {
    if (running) return;
    if (!nfcIsThere()) return onState({ state: "unsupported" });
    running = new AbortController();
    const { signal } = running;
    onState({ state: "starting" });
    try {
      const tags = new NDEFReader();
      tags.addEventListener("reading", (tag) => read(tag), { signal });
      await tags.scan({ signal });
      if (!signal.aborted) onState({ state: "reading" });
    } catch (error) {
      if (signal.aborted) return;
      running = null;
      onState({ state: why(error) });
    }
  }

  /** @param {NDEFReadingEvent} tag */
  const read = (tag) => {
    const code = codeOf(tag, language);
    if (code) onRead(code);
  };

  return {
    start,
    stop() {
      running?.abort();
      running = null;
      onState({ state: "off" });
    },
  };
}

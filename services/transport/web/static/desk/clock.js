// The service's clock, which may run faster than ours when a day is played again, and times as the town writes them.

/** `now()` in epoch milliseconds of the service, `set(text)` when it says its time, `text(at)` such as 11.42. */
export function makeClock({ now_ms, speed, zone, language }) {
  let base = { at: now_ms, mine: performance.now() };
  const formats = {
    minutes: new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", timeZone: zone }),
    seconds: new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone }),
  };
  return {
    now: () => base.at + (performance.now() - base.mine) * speed,
    set: (text) => (base = { at: Date.parse(text), mine: performance.now() }),
    text(at, precision = "minutes") {
      if (at === null || at === undefined) return "–";
      const said = formats[precision].format(typeof at === "string" ? Date.parse(at) : at);
      return language === "nl" ? said.replaceAll(":", ".") : said;
    },
  };
}

/** Epoch milliseconds of a wire time; null stays null. */
export const ms = (text) => (text === null || text === undefined ? null : Date.parse(text));

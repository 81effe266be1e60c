// What the phone keeps of one party: the list as it was last seen, taps that are not sent yet, and who taps.

/** `read()` and `write(kept)`; where storage is closed or full it is kept as long as the page is open. */
export function makeKeep(run, party) {
  const name = `inloop-party:${run}/${party}`;
  let kept = { view: null, taps: [], leader: "", offset: null };
  try {
    kept = { ...kept, ...JSON.parse(localStorage.getItem(name) ?? "{}") };
  } catch {
    // as if nothing was kept
  }
  const write = () => {
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch {
      // the page still has it
    }
  };
  return {
    get: () => kept,
    set(change) {
      kept = { ...kept, ...change };
      write();
    },
    /** Nothing personal stays when the run is over. */
    wipe() {
      kept = { ...kept, view: null, taps: [], leader: "" };
      try {
        localStorage.removeItem(name);
      } catch {
        // nothing was kept then
      }
    },
  };
}

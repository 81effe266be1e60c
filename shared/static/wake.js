// The screen stays awake while a page asks for it, also after the phone was in a pocket.

/**
 * Keep the screen on until `release()`. Where the browser cannot (or the battery is low) nothing happens.
 *
 * @param {(awake: boolean) => void} [onChange] told when the screen is held or let go
 * @returns {{release: () => void, readonly awake: boolean}}
 */
export function keepAwake(onChange = () => {}) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let wanted = true;
  let asking = false;

  async function ask() {
    if (!wanted || lock || asking || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    asking = true;
    try {
      const held = await navigator.wakeLock.request("screen");
      if (!wanted) return void held.release();
      lock = held;
      onChange(true);
      held.addEventListener("release", () => {
        lock = null; // the browser lets go whenever the page is hidden
        onChange(false);
      });
    } catch {
      // refused now (low battery): the next time the page is looked at, it is asked again
    } finally {
      asking = false;
    }
  }

  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    release() {
      wanted = false;
      document.removeEventListener("visibilitychange", ask);
      lock?.release();
    },
    get awake() {
      return lock !== null;
    },
  };
}

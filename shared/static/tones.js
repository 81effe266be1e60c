// What an answer sounds and feels like, so that a host hears it without looking: the table of the verdicts.

/**
 * @typedef {"admit" | "again" | "goodbye" | "warn" | "refuse" | "stored"} Answer
 * @typedef {{hz: number, ms: number, to?: number, after?: number, wave?: OscillatorType}} Beep `to` is where the pitch falls to; `after` is the rest before it, ms
 * @typedef {{beeps: Beep[], buzz: number[]}} Tone `buzz` is on, off, on … in ms
 */

/** @type {Readonly<Record<Answer, Tone>>} */
export const TONES = Object.freeze({
  admit: { beeps: [{ hz: 1320, ms: 90 }], buzz: [60] },
  again: { beeps: [{ hz: 1175, ms: 50 }, { hz: 1175, ms: 50, after: 60 }], buzz: [40, 60, 40] },
  goodbye: { beeps: [{ hz: 1047, to: 587, ms: 180 }], buzz: [60] },
  warn: { beeps: [{ hz: 660, ms: 120 }, { hz: 660, ms: 120, after: 80 }], buzz: [120, 80, 120] },
  refuse: { beeps: [{ hz: 165, ms: 400, wave: "sawtooth" }], buzz: [400] },
  stored: { beeps: [{ hz: 2000, ms: 12, wave: "square" }], buzz: [30] },
});

const QUIETER = new Set(["again", "goodbye", "stored"]);
const REASONS = new Map([["again", "again"], ["back", "again"], ["goodbye", "goodbye"], ["off", "goodbye"]]);

/**
 * Which answer a verdict of the contract (section 4) is; none yet is `stored`.
 *
 * @param {{outcome: string, reason: string} | null | undefined} verdict
 * @returns {Answer}
 */
export function answerOf(verdict) {
  if (!verdict) return "stored";
  if (verdict.outcome === "warn" || verdict.outcome === "refuse") return verdict.outcome;
  return /** @type {Answer} */ (REASONS.get(verdict.reason) ?? "admit");
}

const KEY = { sound: "inloop-sound", vibration: "inloop-vibration" };

/** @param {"sound" | "vibration"} name */
function isOn(name) {
  try {
    return localStorage.getItem(KEY[name]) !== "off";
  } catch {
    return true; // storage is closed in this browser
  }
}

/** @param {"sound" | "vibration"} name @param {boolean} on */
function remember(name, on) {
  try {
    localStorage.setItem(KEY[name], on ? "on" : "off");
  } catch {
    // for this page only, then
  }
}

/** @param {AudioContext} audio @param {Beep} beep @param {number} at s @param {number} loudness */
function schedule(audio, beep, at, loudness) {
  const pitch = audio.createOscillator();
  const volume = audio.createGain();
  const end = at + beep.ms / 1000;
  const edge = Math.min(0.005, beep.ms / 4000);
  pitch.type = beep.wave ?? "sine";
  pitch.frequency.setValueAtTime(beep.hz, at);
  if (beep.to) pitch.frequency.exponentialRampToValueAtTime(beep.to, end);
  volume.gain.setValueAtTime(0, at); // soft edges: a tone that starts at once crackles
  volume.gain.linearRampToValueAtTime(loudness, at + edge);
  volume.gain.setValueAtTime(loudness, end - edge);
  volume.gain.linearRampToValueAtTime(0, end);
  pitch.connect(volume).connect(audio.destination);
  pitch.start(at);
  pitch.stop(end);
  return pitch;
}

/**
 * Sounds and vibration, remembered per device as on or off. Browsers are silent until the page was touched once: the
 * first touch or key of any kind makes them able.
 *
 * @param {{audio?: () => AudioContext, vibrate?: (pattern: number[]) => void}} [parts]
 */
export function createTones({ audio: make = () => new AudioContext(), vibrate } = {}) {
  const buzz = vibrate ?? ((/** @type {number[]} */ pattern) => navigator.vibrate?.(pattern));
  /** @type {AudioContext | null} */
  let audio = null;
  /** @type {OscillatorNode[]} */
  let playing = [];
  const on = { sound: isOn("sound"), vibration: isOn("vibration") };

  function unlock() {
    if (!on.sound) return;
    try {
      audio ??= make();
      if (audio.state !== "running") audio.resume().catch(() => {});
    } catch {
      // no sound on this device: the screen and the vibration say the same
    }
  }
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, unlock, { capture: true, passive: true });

  return {
    /** @param {Answer} answer */
    play(answer) {
      const tone = TONES[answer];
      if (on.vibration) buzz(tone.buzz);
      if (!on.sound || audio?.state !== "running") return;
      for (const pitch of playing) pitch.stop(); // a new answer replaces the one before it
      playing = [];
      let at = audio.currentTime;
      for (const beep of tone.beeps) {
        at += (beep.after ?? 0) / 1000;
        playing.push(schedule(audio, beep, at, QUIETER.has(answer) ? 0.25 : 0.5));
        at += beep.ms / 1000;
      }
    },
    /** Make the sound able, from within a touch. */
    unlock,
    get sound() {
      return on.sound;
    },
    set sound(value) {
      on.sound = value;
      remember("sound", value);
    },
    get vibration() {
      return on.vibration;
    },
    set vibration(value) {
      on.vibration = value;
      remember("vibration", value);
    },
    close() {
      for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, unlock, { capture: true });
      audio?.close().catch(() => {});
      audio = null;
    },
  };
}

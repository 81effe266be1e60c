// The phone's camera: asks for it, lets the worker look at its pictures, and gives it back.

import { describe, why } from "./lens.js";

/**
 * @typedef {import("./reader.js").SourceChange} SourceChange
 * @typedef {{x: number, y: number, width: number, height: number, scale: number}} Window
 */

const LARGEST = 800;
const SHORTEST_MS = 50; // twenty pictures a second are plenty, and leave the phone cool

/**
 * What part of a picture is looked at: in turn the whole, made smaller, for a badge that is held close, and the middle in
 * full sharpness, for one that is held further away.
 *
 * @param {number} turn @param {number} width @param {number} height @returns {Window}
 */
export function look(turn, width, height) {
  const part = turn % 2 && Math.max(width, height) > LARGEST ? 0.5 : 1;
  const [wide, high] = [Math.round(width * part), Math.round(height * part)];
  const scale = Math.min(1, LARGEST / Math.max(wide, high));
  return { x: (width - wide) >> 1, y: (height - high) >> 1, width: wide, height: high, scale };
}

/** @param {HTMLVideoElement} video @param {Window} part */
const picture = (video, { x, y, width, height, scale }) =>
  createImageBitmap(video, x, y, width, height, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
  });

/** @param {HTMLVideoElement} video @param {() => void} then @returns {() => void} calls it off */
function nextFrame(video, then) {
  if ("requestVideoFrameCallback" in video) {
    const asked = video.requestVideoFrameCallback(then);
    return () => video.cancelVideoFrameCallback(asked);
  }
  const asked = requestAnimationFrame(then);
  return () => cancelAnimationFrame(asked);
}

/**
 * @param {{
 *   onRead: (code: string) => void,
 *   onState: (change: SourceChange) => void,
 *   makeWorker?: () => Worker,
 * }} options
 */
export function createCamera({ onRead, onState, makeWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) }) {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.setAttribute("aria-hidden", "true");
  /** @type {MediaStream | null} */
  let stream = null;
  /** @type {Worker | null} */
  let worker = null;
  /** @type {string | null} */
  let chosen = null;
  let wanted = false;
  let running = false; // or about to
  let attempt = 0; // what is under way for an earlier one is not used any more
  let turn = 0;
  let lookedAt = 0;
  let workerReady = false;
  let cancelFrame = () => {};

  /** @param {{code?: string, failed?: string, ready?: boolean, codes?: {code: string}[]}} said */
  function heard(said) {
    if (said.failed) return broken(said.failed);
    if (said.ready) workerReady = true;
    if (!stream) return;
    if (said.ready) tellReading();
    for (const { code } of said.codes ?? []) if (code) onRead(code);
    onNextFrame();
  }

  function tellReading() {
    if (stream && workerReady && video.videoWidth) onState({ state: "reading", ...describe(stream) });
  }

  function onNextFrame() {
    cancelFrame();
    cancelFrame = nextFrame(video, async () => {
      const at = performance.now();
      if (at - lookedAt < SHORTEST_MS || !video.videoWidth) return onNextFrame();
      lookedAt = at;
      const mine = attempt;
      try {
        const seen = await picture(video, look(turn++, video.videoWidth, video.videoHeight));
        if (mine !== attempt || !worker) return seen.close();
        worker.postMessage({ picture: seen }, [seen]);
      } catch {
        if (mine === attempt) onNextFrame(); // the camera is just being turned: no picture now
      }
    });
  }

  function startWorker() {
    if (worker) return;
    worker = makeWorker();
    worker.onmessage = ({ data }) => heard(data);
    worker.onerror = (event) => broken(event.message);
  }

  async function run() {
    const mine = ++attempt;
    running = true;
    onState({ state: "starting" });
    if (!navigator.mediaDevices?.getUserMedia) return onState({ state: "unsupported" });
    startWorker();
    try {
      const opened = await ask(chosen).catch((error) => {
        if (!chosen || why(error) !== "missing") throw error;
        chosen = null; // it was unplugged: any other will do
        return ask(null);
      });
      if (mine !== attempt) return stopTracks(opened);
      stream = opened;
      opened.getVideoTracks()[0].addEventListener("ended", () => mine === attempt && fail("failed", "ended"));
      video.srcObject = opened;
      await video.play();
      if (mine !== attempt) return;
      onState({ cameras: await cameras() });
      tellReading();
      if (workerReady) onNextFrame();
    } catch (error) {
      if (mine === attempt) fail(why(error), String(error));
    }
  }

  /** Give the camera back; the worker, which took time to load, stays. */
  function rest() {
    attempt += 1;
    running = false;
    cancelFrame();
    if (stream) stopTracks(stream);
    stream = video.srcObject = null;
  }

  /** @param {import("./reader.js").State} state @param {string} detail */
  function fail(state, detail) {
    rest();
    onState({ state, detail });
  }

  /** The worker does not work: the next start makes another. @param {string} detail */
  function broken(detail) {
    dropWorker();
    if (running) fail("failed", detail);
  }

  function dropWorker() {
    worker?.terminate();
    worker = null;
    workerReady = false;
  }

  function seenOrNot() {
    if (document.visibilityState === "visible") return void run();
    rest();
    onState({ state: "hidden" });
  }

  /** @param {MediaTrackConstraintSet & {torch?: boolean, zoom?: number}} wish */
  async function wish(wish) {
    const track = stream?.getVideoTracks()[0];
    if (!stream || !track) return;
    try {
      await track.applyConstraints({ advanced: [wish] });
    } catch {
      // the camera said that it can, and does not: its state below tells
    }
    if (stream) onState(describe(stream));
  }

  return {
    video,
    /** Ask for the camera, and read until `stop`. */
    start() {
      if (!wanted) document.addEventListener("visibilitychange", seenOrNot);
      wanted = true;
      rest();
      return document.visibilityState === "visible" ? run() : void onState({ state: "hidden" });
    },
    stop() {
      wanted = false;
      document.removeEventListener("visibilitychange", seenOrNot);
      rest();
      onState({ state: "off" });
    },
    /** Stop, and forget the worker too. */
    close() {
      this.stop();
      dropWorker();
    },
    /** @param {boolean} on */
    torch: (on) => wish({ torch: on }),
    /** @param {number} factor */
    zoom: (factor) => wish({ zoom: factor }),
    /** Another camera of the device; null: the one that looks away. @param {string | null} id */
    choose(id) {
      chosen = id;
      rest();
      return wanted ? run() : undefined;
    },
  };
}

/** @param {MediaStream} stream */
function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {string | null} chosen */
function ask(chosen) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const which = chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: "environment" } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...size } });
}

/** The cameras of the device, the names as the browser gives them. */
async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, label }));
}

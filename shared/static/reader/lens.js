// What a camera can do now, and why one is not there.

/** @typedef {import("./reader.js").State} State */

/**
 * Torch, zoom and which camera, of an open stream. Null where the camera has none.
 *
 * @param {MediaStream} stream
 */
export function describe(stream) {
  const [track] = stream.getVideoTracks();
  /** @type {MediaTrackCapabilities & {torch?: boolean, zoom?: {min: number, max: number, step: number}}} */
  const can = track.getCapabilities?.() ?? {};
  /** @type {MediaTrackSettings & {torch?: boolean, zoom?: number}} */
  const is = track.getSettings();
  const zooms = can.zoom && can.zoom.max > can.zoom.min;
  return {
    camera: is.deviceId ?? null,
    mirrored: is.facingMode === "user",
    torch: can.torch ? Boolean(is.torch) : null,
    zoom: can.zoom && zooms ? { min: can.zoom.min, max: can.zoom.max, step: can.zoom.step, value: is.zoom ?? can.zoom.min } : null,
  };
}

/** @param {unknown} error of getUserMedia @returns {State} */
export function why(error) {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

// What the reader says, in English: the words that a page gives (`words`) go before these. The Dutch is in the catalogue.

/** @typedef {keyof typeof ENGLISH} Word */

export const ENGLISH = Object.freeze({
  start: "Camera on",
  stop: "Camera off",
  torch: "Light",
  zoom: "Zoom",
  other_camera: "Other camera",
  again: "Try again",
  starting: "The camera is starting",
  starting_line: "Does your phone ask whether it may? Choose: allow.",
  reading: "Hold the badge in front of the camera",
  hidden: "The camera rests",
  hidden_line: "It goes on when you are back on this page.",
  denied: "The camera may not be used",
  denied_line: "Allow it with the lock beside the address, then try again. Search by name works without it.",
  missing: "There is no camera on this device",
  missing_line: "Use a hand scanner, or search by name.",
  busy: "Another app has the camera",
  busy_line: "Close that app, then try again. Meanwhile search by name.",
  unsupported: "The camera does not work here",
  unsupported_line: "Open the page with the link that you got (https), or search by name.",
  failed: "The camera stopped",
  failed_line: "Try again. Nothing is lost; meanwhile search by name.",
  hint_wedge: "A hand scanner works too.",
  nfc_start: "NFC on",
  nfc_reading: "NFC is on: hold the card against the phone.",
  nfc_denied: "NFC may not be used: allow it in the browser.",
  nfc_missing: "NFC is off: switch it on in the phone's settings.",
});

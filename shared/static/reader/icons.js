// The reader's pictures: 24 × 24, drawn with lines in the colour of the text.

const PATHS = {
  camera: "M4 8h3l1.6-2.5h6.8L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Z M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
  off: "M9 5.5h6.4L17 8h3a1 1 0 0 1 1 1v8 M18 19H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1h2 M9.4 10.6a3.5 3.5 0 0 0 4.9 4.9 M3 3l18 18",
  torch: "M8 3h8v4l-2 3v11h-4V10L8 7V3Z M8 6.5h8 M12 13v2",
  flip: "M20 12a8 8 0 0 1-14.2 5 M4 12a8 8 0 0 1 14.2-5 M18.5 3v4.2h-4.2 M5.5 21v-4.2h4.2",
  close: "M6 6l12 12 M18 6 6 18",
  rest: "M9 6v12 M15 6v12",
  wait: "M12 4a8 8 0 1 0 8 8",
  stop: "M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7L8.5 3Z M12 7.5v5.5 M12 16.2v.1",
  nfc: "M6 8.5c1.4 2.2 1.4 4.8 0 7 M10 6.5c2.2 3.4 2.2 7.6 0 11 M14 4.5c3 4.6 3 10.4 0 15",
};

/** @typedef {keyof typeof PATHS} Icon */

const SVG = "http://www.w3.org/2000/svg";

/** @param {Icon} name */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "reader-icon");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}

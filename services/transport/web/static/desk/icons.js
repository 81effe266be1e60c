// The few drawings of the pages at a desk, in the colour of the text beside them; never the only thing that says it.

const NS = "http://www.w3.org/2000/svg";

const DRAWN = {
  wheelchair:
    '<circle cx="9.5" cy="3.6" r="1.9" fill="currentColor"/><path d="M9.5 7v6.2h5.2l2.6 5.3M9.6 9.6h4.6"/><path d="M7.2 10.6a5.3 5.3 0 1 0 6.9 7"/>',
  grip: '<g fill="currentColor" stroke="none"><circle cx="9" cy="6" r="1.6"/><circle cx="15" cy="6" r="1.6"/><circle cx="9" cy="12" r="1.6"/><circle cx="15" cy="12" r="1.6"/><circle cx="9" cy="18" r="1.6"/><circle cx="15" cy="18" r="1.6"/></g>',
  back: '<path d="M14.5 5.5 8 12l6.5 6.5"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  check: '<path d="m4.5 12.8 4.7 4.7L19.5 7"/>',
  warning: '<path d="M12 4 2.8 20h18.4zM12 10v4.6"/><circle cx="12" cy="17.2" r=".6" fill="currentColor"/>',
  stop: '<path d="M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 7.6v5.4"/><circle cx="12" cy="16.2" r=".6" fill="currentColor"/>',
  seat: '<path d="M7 4v9h8l2 6M7 13v6M15 13l-1-4.5H7"/>',
  split: '<path d="M12 20v-7M12 13 6 7M12 13l6-6M6 11V7h4M18 11V7h-4"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.4l3.4 2"/>',
  arrow: '<path d="M4 12h15M13.5 6.5 19 12l-5.5 5.5"/>',
};

/** One of them, hidden from who hears the page. */
export function icon(name) {
  const svg = document.createElementNS(NS, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    class: "icon",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "2",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  }))
    svg.setAttribute(key, value);
  svg.innerHTML = DRAWN[name]; // from the table above, never from outside
  return svg;
}

// <badge-reader>: the badge reader as a page has it, with a designed state for everything that can be the matter.
//
//   <badge-reader sources="camera wedge nfc" language="nl" autostart="granted" words='{"start": "Camera aan", …}'>
//
// Events, both bubbling: `badge-read`, detail {code, source, at}; `reader-state`, detail a SourceState of reader.js.

import { icon } from "./icons.js";
import { createReader } from "./reader.js";
import { ENGLISH } from "./words.js";

/**
 * @typedef {import("./reader.js").Source} Source
 * @typedef {import("./reader.js").SourceState} SourceState
 * @typedef {import("./reader.js").State} State
 * @typedef {import("./icons.js").Icon} Icon
 */

const MOST_ZOOMS = 4;
const CAMERA_KEY = "inloop-camera";

/** @type {Record<State, Icon>} */
const ICONS = {
  off: "camera",
  starting: "wait",
  reading: "camera",
  hidden: "rest",
  denied: "off",
  missing: "off",
  busy: "off",
  unsupported: "off",
  failed: "stop",
};
/** @type {ReadonlySet<State>} */
const CAN_TRY = new Set(["denied", "busy", "failed", "missing"]);

/** @param {string} kind @param {string} look @param {Node[]} parts */
function made(kind, look, ...parts) {
  const element = document.createElement(kind);
  element.className = look;
  element.append(...parts);
  return element;
}

/** @param {string} look @param {() => void} act @param {Icon} [picture] */
function button(look, act, picture) {
  const element = /** @type {HTMLButtonElement} */ (made("button", look, ...(picture ? [icon(picture)] : [])));
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

/** The factors that a tap goes through, from the widest. @param {import("./reader.js").Zoom} zoom */
const zoomsOf = ({ min, max }) => Array.from({ length: MOST_ZOOMS }, (_, step) => min * (step + 1)).filter((factor) => factor <= max);

export class BadgeReader extends HTMLElement {
  #reader = createReader({
    onRead: (read) => this.#read(read),
    onState: (state) => this.#told(state),
    language: this.getAttribute("language") ?? (document.documentElement.lang || "nl"),
  });
  /** @type {Record<string, string>} */
  #words = { ...ENGLISH };
  #title = made("p", "reader-title");
  #line = made("p", "reader-line");
  #mark = made("div", "reader-mark");
  #start = button("reader-start primary", () => this.start("camera"), "camera");
  #again = button("reader-again primary", () => this.start("camera"));
  #torch = button("reader-tool", () => this.#reader.camera.torch(!this.#reader.state("camera").torch), "torch");
  #zoom = button("reader-tool reader-zoom", () => this.#nextZoom());
  #flip = button("reader-tool", () => this.#nextCamera(), "flip");
  #stop = button("reader-tool", () => this.stop("camera"), "close");
  #nfc = button("reader-nfc", () => this.start("nfc"), "nfc");
  #hint = made("p", "reader-hint");
  #said = made("div", "reader-said", this.#mark, this.#title, this.#line, this.#again);
  #view = made("div", "reader-view", this.#reader.camera.video, made("div", "reader-aim"), this.#said);
  #foot = made("div", "reader-foot", this.#hint, this.#nfc);

  connectedCallback() {
    if (!this.#view.isConnected) this.#build();
    this.words = this.#given();
    this.#show(this.#reader.state("camera"));
    if (this.#wants("wedge")) this.#reader.start("wedge");
    this.#autostart();
  }

  disconnectedCallback() {
    this.#reader.close();
  }

  /** The reader itself: `typed(code)`, `forget()`, `state(source)`, `camera.zoom(factor)`. */
  get reader() {
    return this.#reader;
  }

  /** What it says, by the keys of `words.js`; what is left out is said in English. @param {Record<string, string>} words */
  set words(words) {
    this.#words = { ...ENGLISH, ...words };
    this.#name();
    this.#show(this.#reader.state("camera"));
    this.#showNfc();
  }
  get words() {
    return this.#words;
  }

  /** Start sources, from within a touch; without names all that the element has. @param {...Source} names */
  start(...names) {
    const wanted = (names.length ? names : this.sources).filter((name) => this.#reader.has(name) || name === "camera");
    return this.#reader.start(...wanted);
  }

  /** @param {...Source} names */
  stop(...names) {
    this.#reader.stop(...names);
  }

  /** @returns {Source[]} */
  get sources() {
    const named = (this.getAttribute("sources") ?? "camera wedge nfc").split(/\s+/);
    return /** @type {Source[]} */ (["camera", "wedge", "nfc"]).filter((name) => named.includes(name));
  }

  /** @param {Source} name */
  #wants = (name) => this.sources.includes(name);

  #given() {
    const text = this.getAttribute("words");
    return text ? JSON.parse(text) : {};
  }

  #build() {
    const tools = made("div", "reader-tools", this.#torch, this.#zoom, this.#flip, this.#stop);
    this.#said.setAttribute("role", "status");
    this.#view.append(tools);
    this.#view.hidden = this.#start.hidden = !this.#wants("camera");
    this.append(this.#start, this.#view, this.#foot);
  }

  async #autostart() {
    const how = this.getAttribute("autostart");
    if (how === null || !this.#wants("camera")) return;
    try {
      this.#reader.camera.choose(localStorage.getItem(CAMERA_KEY));
    } catch {
      // nothing is remembered in this browser
    }
    if (how !== "granted" || (await mayUseCamera())) this.start("camera");
  }

  /** Names of the buttons, for who hears the page and for a long touch. */
  #name() {
    const words = this.#words;
    for (const [element, word] of /** @type {[HTMLElement, string][]} */ ([
      [this.#torch, words.torch],
      [this.#flip, words.other_camera],
      [this.#stop, words.stop],
    ])) {
      element.setAttribute("aria-label", word);
      element.title = word;
    }
    label(this.#start, words.start);
    label(this.#again, words.again);
    label(this.#nfc, words.nfc_start);
  }

  /** @param {import("./reader.js").Read} read */
  #read(read) {
    this.#view.classList.remove("reader-hit");
    void this.#view.offsetWidth; // the flash starts anew
    this.#view.classList.add("reader-hit");
    this.dispatchEvent(new CustomEvent("badge-read", { detail: read, bubbles: true, composed: true }));
  }

  /** @param {SourceState} state */
  #told(state) {
    if (state.source === "camera") this.#show(state);
    if (state.source === "nfc") this.#showNfc();
    this.dispatchEvent(new CustomEvent("reader-state", { detail: state, bubbles: true, composed: true }));
  }

  /** @param {SourceState} camera */
  #show(camera) {
    const { state, torch, zoom, cameras, mirrored } = camera;
    const changed = this.dataset.state !== state;
    this.dataset.state = state;
    const off = state === "off";
    const hadFocus = this.contains(document.activeElement) && document.activeElement !== document.body;
    this.#start.hidden = !off || !this.#wants("camera");
    this.#view.hidden = off || !this.#wants("camera");
    this.#view.classList.toggle("reader-mirrored", mirrored);
    this.#torch.hidden = torch === null;
    this.#torch.setAttribute("aria-pressed", String(Boolean(torch)));
    this.#zoom.hidden = !zoom || zoomsOf(zoom).length < 2;
    if (zoom) this.#showZoom(zoom);
    this.#flip.hidden = cameras.length < 2;
    this.#again.hidden = !CAN_TRY.has(state);
    if (changed) this.#say(state);
    if (hadFocus && changed) this.#keepFocus(off);
  }

  /** @param {State} state */
  #say(state) {
    this.#mark.replaceChildren(icon(ICONS[state]));
    this.#title.textContent = state === "off" ? "" : (this.#words[state] ?? "");
    this.#line.textContent = this.#words[`${state}_line`] ?? "";
  }

  /** The button that was pressed is gone: whoever uses the keyboard goes on at its successor. @param {boolean} off */
  #keepFocus(off) {
    const active = document.activeElement;
    const lost = !(active instanceof HTMLElement) || active === document.body || !active.checkVisibility();
    if (lost) (off ? this.#start : this.#again.hidden ? this.#stop : this.#again).focus();
  }

  /** @param {import("./reader.js").Zoom} zoom */
  #showZoom({ min, value }) {
    const times = `${Math.round((value / min) * 10) / 10}×`;
    this.#zoom.textContent = times;
    this.#zoom.setAttribute("aria-label", `${this.#words.zoom} ${times}`);
    this.#zoom.title = this.#words.zoom;
  }

  #showNfc() {
    const { state } = this.#reader.state("nfc");
    const there = this.#wants("nfc") && this.#reader.has("nfc");
    this.#nfc.hidden = !there || state === "reading" || state === "starting";
    const nfc = there ? (this.#words[`nfc_${state}`] ?? "") : "";
    this.#hint.textContent = [this.#wants("wedge") ? this.#words.hint_wedge : "", nfc].filter(Boolean).join(" ");
    this.#foot.hidden = this.#nfc.hidden && !this.#hint.textContent;
  }

  #nextZoom() {
    const { zoom } = this.#reader.state("camera");
    if (!zoom) return;
    const factors = zoomsOf(zoom);
    this.#reader.camera.zoom(factors.find((factor) => factor > zoom.value + zoom.min / 10) ?? factors[0]);
  }

  #nextCamera() {
    const { cameras, camera } = this.#reader.state("camera");
    const next = cameras[(cameras.findIndex(({ id }) => id === camera) + 1) % cameras.length];
    if (!next) return;
    try {
      localStorage.setItem(CAMERA_KEY, next.id);
    } catch {
      // for this time only, then
    }
    this.#reader.camera.choose(next.id);
  }
}

/** @param {HTMLElement} element @param {string} text */
function label(element, text) {
  const known = element.querySelector("span") ?? made("span", "");
  known.textContent = text;
  element.append(known);
}

/** Whether the camera may be used without asking. */
async function mayUseCamera() {
  try {
    const { state } = await navigator.permissions.query({ name: /** @type {PermissionName} */ ("camera") });
    return state === "granted";
  } catch {
    return false; // the browser does not say: a tap it is
  }
}

if (!customElements.get("badge-reader")) customElements.define("badge-reader", BadgeReader);

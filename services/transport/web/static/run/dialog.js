// The one dialog of the page: a sheet that comes up from the thumb's side. What it shows is a view, built once and updated
// whenever the run changes; the browser keeps the focus inside and gives it back.

import { button, h } from "./dom.js";

/**
 * @typedef {object} View
 * @property {string} name
 * @property {() => string} title
 * @property {(body: HTMLElement, foot: HTMLElement) => (() => void)} build gives what to call when the run changed
 * @property {(event: KeyboardEvent) => void} [onKey] a key that was pressed anywhere in it
 * @property {() => void} [onClose]
 */

/** @param {{element: HTMLDialogElement, words: import("./words.js").Words}} parts */
export function createDialog({ element, words }) {
  /** @type {View | null} */
  let view = null;
  let update = () => {};
  const title = h("h2", { id: "dialog-title", tabindex: "-1" });
  const close = button("close", "", () => element.close(), { icon: "close", key: "close" });
  const body = h("div", { class: "dialog-body" });
  const foot = h("div", { class: "dialog-foot" });
  element.append(h("div", { class: "dialog-top" }, title, close), body, foot);
  element.setAttribute("aria-labelledby", "dialog-title");

  function build() {
    if (!view) return;
    close.setAttribute("aria-label", words.t("close"));
    title.textContent = view.title();
    body.replaceChildren();
    foot.replaceChildren();
    element.dataset.view = view.name;
    update = view.build(body, foot);
    update();
  }

  element.addEventListener("close", () => {
    const was = view;
    view = null;
    update = () => {};
    was?.onClose?.();
  });
  // a tap beside the sheet closes it; one that began inside and slid out does not
  element.addEventListener("pointerdown", (event) => {
    if (event.target === element) element.close();
  });
  element.addEventListener("keydown", (event) => view?.onKey?.(event));
  words.listen(build);

  return {
    /** @param {View} wanted */
    show(wanted) {
      if (view && view !== wanted) view.onClose?.();
      view = wanted;
      build();
      if (!element.open) element.showModal();
      title.focus({ preventScroll: true });
      body.scrollTop = 0;
    },
    close: () => element.open && element.close(),
    update: () => update(),
    get open() {
      return view?.name ?? null;
    },
  };
}

/** @typedef {ReturnType<typeof createDialog>} Dialog */

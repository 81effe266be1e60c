// Dragging people to a run, with a mouse, a pen or a finger; Escape stops it. Whoever cannot drag taps "Move to …".

import { h } from "../desk/dom.js";

const FAR_PX = 6; // less is a click

/**
 * A handle that drags `move` (or what `move()` gives). `targets()` are the buttons of runs; `over(run, move)` says what
 * would come of it, `drop(run, move)` is called when it is let go there.
 */
export function handle({ label, move, targets, over, drop, children }) {
  const button = h("button.handle", { type: "button", "aria-label": label, title: label, tabindex: "-1" }, children);
  button.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    const start = { x: down.clientX, y: down.clientY };
    let moving = null;
    let ghost = null;
    let at = null;

    const begin = () => {
      moving = typeof move === "function" ? move() : move;
      ghost = h("div.ghost", { "aria-hidden": "true" }, h("strong", {}, moving.what), h("span", {}));
      document.body.append(ghost);
      document.body.classList.add("is-dragging");
      for (const target of targets()) target.dataset.drop = over(target.dataset.run, moving).fit;
    };
    const go = (event) => {
      if (!moving && Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR_PX) return;
      if (!moving) begin();
      ghost.style.setProperty("translate", `${event.clientX + 14}px ${event.clientY + 14}px`);
      const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-run]") ?? null;
      if (found === at) return;
      at?.removeAttribute("data-over");
      at = found && found.dataset.drop !== "no" ? found : null;
      at?.setAttribute("data-over", "");
      ghost.lastChild.textContent = found ? over(found.dataset.run, moving).said : "";
      ghost.dataset.fit = found ? over(found.dataset.run, moving).fit : "";
    };
    const end = (dropped) => {
      removeEventListener("pointermove", go);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", cancel);
      removeEventListener("keydown", escape, true);
      ghost?.remove();
      document.body.classList.remove("is-dragging");
      at?.removeAttribute("data-over");
      for (const target of targets()) delete target.dataset.drop;
      if (dropped && moving && at) drop(at.dataset.run, moving);
    };
    const up = () => end(true);
    const cancel = () => end(false);
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopImmediatePropagation(); // it stops the drag, and nothing else
      end(false);
    };
    addEventListener("pointermove", go);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", cancel);
    addEventListener("keydown", escape, true);
  });
  return button;
}

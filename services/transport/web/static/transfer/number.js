// A number and how sure it is: solid, or with a dotted line and the reason on a tap.

import { fits, h, one, redraw } from "../desk/dom.js";

const GRADES = ["scanned", "manual", "counted", "implied"];

/** Numbers of one page: `words.grades` say how each grade is called. */
export function makeNumbers(words) {
  const said = words.grades;

  function explain(button, title, grades) {
    const why = one("[data-why]");
    const total = GRADES.reduce((sum, grade) => sum + (grades[grade] ?? 0), 0);
    redraw(
      why,
      h("h3", {}, title),
      h("p.small.soft", {}, said.how),
      h(
        "div.grade-strip",
        { "aria-hidden": "true" },
        GRADES.filter((grade) => grades[grade]).map((grade) =>
          h("span", { "data-grade": grade, vars: { "flex-grow": grades[grade] } }),
        ),
      ),
      h(
        "ul.grade-list",
        {},
        GRADES.filter((grade) => grades[grade]).map((grade) =>
          h(
            "li",
            { "data-grade": grade },
            h("span.grade-mark", { "aria-hidden": "true" }),
            fits(said[grade], { n: grades[grade] }),
          ),
        ),
      ),
      grades.implied ? h("p.small", {}, said.implied_why) : null,
      grades.counted ? h("p.small", {}, said.counted_why) : null,
    );
    for (const other of document.querySelectorAll(".n[aria-expanded]"))
      (other.removeAttribute("aria-expanded"), other.style.removeProperty("anchor-name"));
    if (!total) return;
    button.style.setProperty("anchor-name", "--why");
    button.setAttribute("aria-expanded", "true");
    why.showPopover();
  }

  /**
   * `value` with its grades; `later` is what is known now, where the page shows what was known then. `title` says what
   * it counts.
   */
  return function number(value, { title, grades = null, later = undefined, look = "", key = null, onclick = null } = {}) {
    const text = value === null || value === undefined ? "–" : String(value);
    const other = later !== undefined && later !== value ? h("span.later", {}, fits(words.then_known, { n: later })) : null;
    const unsure = Boolean(grades && (grades.implied || grades.counted));
    const known = grades && GRADES.some((grade) => grades[grade]);
    if (onclick && value)
      return [
        h("button.n", { type: "button", "data-look": look, "data-key": key, onclick, "aria-label": `${text} ${title}` }, text),
        other,
      ];
    if (!known || !value) return [h("span.n", { "data-look": value ? look : "none" }, text), other];
    const button = h(
      "button.n",
      {
        type: "button",
        class: unsure ? "n unsure" : "n",
        "data-look": look,
        "data-key": key,
        "aria-label": `${text} ${title}`,
        onclick: () => explain(button, `${text} ${title}`, grades),
      },
      text,
    );
    return [button, other];
  };
}

export const addGrades = (all) =>
  all.reduce((sum, grades) => Object.fromEntries(GRADES.map((grade) => [grade, (sum[grade] ?? 0) + (grades?.[grade] ?? 0)])), {});

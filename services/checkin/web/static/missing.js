// Who is missing, by name: asked of transport when the number changes, and now and then while there is one.

const AGAIN_MS = 15_000;

/** A function to call with each new number of the missing; `transfers` have an id and end_ms, `names` are of places. */
export function missingList({ url, transfers, names, unknown, failed, now, clock }) {
  const panel = document.querySelector("[data-missing]");
  const list = panel.querySelector("[data-missing-list]");
  const excuse = panel.querySelector("[data-missing-failed]");
  const template = document.getElementById("missing-line");
  let shown = 0;
  let asked = -AGAIN_MS;

  function line(person) {
    const item = template.content.firstElementChild.cloneNode(true);
    const [name, organisation, phone] = item.querySelectorAll("strong, .text .soft, a");
    name.textContent = person.name;
    organisation.textContent = person.organisation;
    if (person.phone) {
      phone.href = `tel:${person.phone.replaceAll(/[^+0-9]/g, "")}`;
      phone.textContent = person.phone;
      phone.hidden = false;
    }
    const place = names[person.last_place] ?? person.last_place ?? unknown;
    item.lastElementChild.textContent = person.last_at ? `${place} · ${clock(person.last_at)}` : place;
    return item;
  }

  async function ask() {
    const ended = transfers.filter((transfer) => transfer.end_ms <= now()).sort((a, b) => a.end_ms - b.end_ms).at(-1);
    if (!ended) return;
    try {
      const answer = await fetch(url + encodeURIComponent(ended.id), { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const people = (await answer.json()).missing ?? [];
      list.replaceChildren(...people.map(line));
      excuse.hidden = true;
    } catch {
      excuse.textContent = failed;
      excuse.hidden = false;
      shown = -1; // ask again with the next number
    }
  }

  return (count) => {
    panel.hidden = count === 0;
    const late = performance.now() - asked >= AGAIN_MS;
    if (count === 0 || (count === shown && !late) || (shown === -1 && !late)) return;
    shown = count;
    asked = performance.now();
    ask();
  };
}

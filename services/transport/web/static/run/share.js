// A second phone for this run, by a link that it reads from this screen.

import { button, h, refill } from "./dom.js";

/** @param {{words: import("./words.js").Words, url: string, close: () => void}} parts */
export function shareView({ words, url, close }) {
  const { t } = words;

  async function ask() {
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ kind: "coordinator" }) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** @returns {import("./dialog.js").View} */
  return () => ({
    name: "share",
    title: () => t("share_title"),
    build(body, foot) {
      const picture = h("div", { class: "share" }, h("p", { class: "soft", role: "status" }, t("share_wait")));
      body.append(h("p", { class: "ask" }, t("share_line")), picture);
      foot.append(button("secondary wide", t("done"), close, { key: "done" }));
      ask()
        .then(({ qr }) => refill(picture, [h("img", { alt: t("share_alt"), src: `data:image/svg+xml,${encodeURIComponent(qr)}` })]))
        .catch(() => refill(picture, [h("p", { class: "note warn", role: "alert" }, t("share_failed"))]));
      return () => {};
    },
  });
}

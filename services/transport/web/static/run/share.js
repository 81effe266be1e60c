// A second phone, by a link that it reads from this screen: for this run, or for the contact of one party on it.

import { button, h, refill } from "./dom.js";

/** @param {{words: import("./words.js").Words, url: string, close: () => void}} parts */
export function shareView({ words, url, close }) {
  const { t } = words;

  /** @param {string} party */
  async function ask(party) {
    const wanted = party ? { kind: "party", party } : { kind: "coordinator" };
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(wanted) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** @param {{party: string, name: string}} [of] a party @returns {import("./dialog.js").View} */
  return (of) => ({
    name: "share",
    title: () => (of ? t("share_party_title", { party: of.name }) : t("share_title")),
    build(body, foot) {
      const picture = h("div", { class: "share" }, h("p", { class: "soft", role: "status" }, t("share_wait")));
      body.append(h("p", { class: "ask" }, t(of ? "share_party_line" : "share_line")), picture);
      foot.append(button("secondary wide", t("done"), close, { key: "done" }));
      ask(of?.party ?? "")
        .then(({ qr }) => refill(picture, [h("img", { alt: t("share_alt"), src: `data:image/svg+xml,${encodeURIComponent(qr)}` })]))
        .catch(() => refill(picture, [h("p", { class: "note warn", role: "alert" }, t("share_failed"))]));
      return () => {};
    },
  });
}

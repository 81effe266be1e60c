// The coordinator's page: puts its parts together. Who do I still wait for?

import "../../reader/element.js";
import { createTones } from "../../tones.js";
import { keepAwake } from "../../wake.js";
import { createBadges } from "./badges.js";
import { lastCallView } from "./calls.js";
import { createClock } from "./clock.js";
import { createConflicts } from "./conflicts.js";
import { countView } from "./count.js";
import { createDialog } from "./dialog.js";
import { afterPaint, one, put } from "./dom.js";
import { createFind } from "./find.js";
import { finishView } from "./finish.js";
import { gateView } from "./gate.js";
import { createHands } from "./hands.js";
import { createHead } from "./head.js";
import { createKeep } from "./keep.js";
import { OVER } from "./letters.js";
import { createList } from "./list.js";
import { createLive } from "./live.js";
import { createToast, logView } from "./log.js";
import { createModel } from "./model.js";
import { moreView } from "./more.js";
import { createOutbox } from "./outbox.js";
import { partsOf } from "./parts.js";
import { createPeople } from "./people.js";
import { personView } from "./person.js";
import { replaceView } from "./replace.js";
import { createSettings } from "./settings.js";
import { shareView } from "./share.js";
import { serve } from "./shell.js";
import { createSteps } from "./steps.js";
import { createVerdict } from "./verdict.js";
import { createWords } from "./words.js";

const SEND_MS = 120;
const config = JSON.parse(one("#run-config").textContent ?? "");
const words = createWords(config);
const { t } = words;
const settings = createSettings();
const tones = createTones();
const clock = createClock({ anchor: { server_ms: config.now_ms, wall_ms: Date.now(), speed: config.speed } });
const keep = await createKeep({ run: config.run, onTrouble: () => (one("[data-disk]").hidden = false) });
if (keep.stored) clock.restore(keep.stored.anchor);
const model = createModel({ run: config.run, keep, clock, settings });

// -- parts that need each other ----------------------------------------------------------------------

const toast = createToast({ model, words, undo: (id) => undo(id) });
const say = toast.say;
const hands = createHands({ model, words, say });
/** @param {string} id */
function undo(id) {
  hands.undo(id);
}
const people = createPeople({ words, model, hands });
const dialog = createDialog({ element: /** @type {HTMLDialogElement} */ (one("[data-dialog]")), words });
const close = () => dialog.close();

/** @type {Record<string, (...args: any[]) => import("./dialog.js").View>} */
const views = {};
const show = {
  log: () => dialog.show(views.log()),
  lastCall() {
    dialog.show(views.lastCall());
    live.refresh(); // the newest of seats elsewhere, where there is network
  },
  share: () => dialog.show(views.share()),
};
const steps = createSteps({ model, words, dialog, views, say, showLastCall: show.lastCall });
Object.assign(views, {
  person: personView({ words, model, hands, people, close }),
  gate: gateView({ words, model, hands, people, settings, depart: (members) => steps.take("depart", members) }),
  lastCall: lastCallView({ words, model, hands, people, close, say, goOn: () => steps.ask.depart() }),
  finish: finishView({ words, model, hands, people, step: steps.take, alight: () => alight() }),
  count: countView({ words, model, hands, close }),
  replace: replaceView({ words, model, take: steps.take }),
  log: logView({ model, keep, words, undo, close }),
  share: shareView({ words, url: config.urls.links, close }),
  more: moreView({ words, model, keep, clock, steps, settings, tones, show, signOut, say, close }),
});

function alight() {
  const { id } = model.act("alight");
  say(t("done_alight"), { undo: id });
}

const head = createHead({ words, clock, model });
const conflicts = createConflicts({ words, model, say });
const outbox = createOutbox({ model, keep, clock, urls: config.urls, onReached: head.reached, onSent: () => live.refreshSoon(), onAnswer: answered });
const live = createLive({ run: config.run, url: config.urls.sheet, stream: config.urls.stream, model, clock, onReached: reached });
const verdict = createVerdict({ words, tones, onTake: ({ badge, digest, name }) => badge && hands.boardBadge(badge, digest ?? "", name ?? "") });
const badges = createBadges({ model, keep, words, clock, verdict, say, send: () => outbox.kick() });

/** @param {import("./outbox.js").Reached} how */
function reached(how) {
  head.reached(how);
  if (how === "ok" && model.unsent()) outbox.kick();
}

/** What came of an act or a scan. @param {import("./keep.js").Entry} entry @param {any} answer */
function answered(entry, answer) {
  if (entry.type === "scan") return badges.answered(entry, answer);
  const name = entry.body.person ? hands.nameOf(entry.body.person, entry.local.name) : t("this_act");
  if (answer?.outcome === "refused") say(t("act_refused", { name, why: words.of(answer.why) }), { level: "stop" });
  else if (answer?.outcome === "kept") say(t("act_kept", { why: words.of(answer.why) }), { level: "note" });
  else if (answer?.flags?.length) say(t("act_flagged", { name, flags: answer.flags.map((/** @type {string} */ flag) => t(`flag_${flag}`)).join(", ") }), { level: "note", undo: entry.id });
}

// -- the list ----------------------------------------------------------------------------------------

/** @type {Set<string> | null} */
let filter = null;

/** @param {any} row */
function describe(row) {
  const seen = row.last_place_name && row.last_at ? `${row.last_place_name} ${words.clock(row.last_at)}` : t("not_seen");
  const is = row.state === "aboard" ? [row.organisation, ["d", "e", "l"].includes(row.letter) ? t(`letter_${row.letter}`) : "", row.at ? words.clock(row.at) : ""] : [row.organisation, row.letter === "f" ? t("letter_f") : "", row.state === "excused" ? t(`why_${row.excuse?.why ?? "away"}`, { run: row.excuse?.to ?? "" }) : seen];
  return is.filter(Boolean).join(" · ");
}

/** A tap on a row, by what the run is doing: get in, or look at the person, or got off. @param {string} person */
function tapped(person) {
  const row = hands.rowOf(person);
  if (!row || OVER.has(model.sheet.state)) return;
  const { state } = model.sheet;
  if (state === "departed") return dialog.show(views.person(person));
  if (state === "arrived") {
    if (["unconfirmed", "left-behind"].includes(row.state) || (row.state === "arrived" && row.how === "implied")) hands.here(person, model.sheet.destination);
    else if (row.act && model.canUndo(row.act)) hands.undo(row.act, person);
    else return dialog.show(views.person(person));
  } else if (row.state === "aboard") hands.unboard(person);
  else if (row.state === "excused") return dialog.show(views.person(person));
  else {
    hands.board(person);
    afterPaint(() => tones.play("admit"));
  }
  find.picked();
}

const list = createList({
  element: one("[data-list]"),
  words,
  describe,
  onTap: tapped,
  onMore: (person) => dialog.show(views.person(person)),
  onVouch: (party) => hands.vouch(party, settings.name),
  onShare: (party, name) => dialog.show(views.share({ party, name })),
});
const find = createFind({
  model,
  words,
  url: config.urls.persons,
  onFilter(persons) {
    filter = persons;
    document.body.toggleAttribute("data-searching", persons !== null);
    list.now(wanted());
  },
  onTake: ({ person, name, organisation }) => hands.board(person, { name, organisation }),
});

function wanted() {
  const parts = partsOf(model.sheet, words, filter ? "name" : settings.sort);
  if (!filter) return parts;
  return parts.map((part) => ({ ...part, rows: part.rows.filter(({ person }) => filter?.has(person)) }));
}

/** @type {string | null} */
let shown = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let sending;

/** @param {{own: boolean}} change */
function changed({ own }) {
  const { sheet } = model;
  if (sheet && !("loaded" in document.body.dataset)) {
    one("[data-empty]").hidden = true;
    document.body.dataset.loaded = "";
  }
  head.show();
  if (!sheet) return;
  steps.show();
  const moved = shown !== sheet.state; // another step is another list: nothing to hold still
  shown = sheet.state;
  if (moved) list.now(wanted());
  else list.update(wanted(), { resting: own && !filter });
  conflicts.show();
  if (!own) find.update();
  dialog.update();
  badges.named();
  showOver();
  if (!own) return;
  live.touched();
  clearTimeout(sending); // what is tapped together goes out together
  sending = setTimeout(outbox.kick, SEND_MS);
}

/** The run is over: its people are gone from this phone, and the page says so. */
function showOver() {
  const over = OVER.has(model.sheet.state);
  const card = one("[data-over]");
  card.hidden = !over;
  if (!over) return;
  put(card.querySelector("strong"), t(`over_${model.sheet.state}`));
  put(card.querySelector("p"), t(model.over ? "over_forgotten" : "over_waits"));
}

// -- the buttons of the thumb --------------------------------------------------------------------------

const reader = /** @type {import("../../reader/element.js").BadgeReader} */ (one("badge-reader"));
const scanButton = one("[data-scan]");
/** @param {boolean} on */
function showScanner(on) {
  if (one("[data-scanner]").hidden !== on) return;
  one("[data-scanner]").hidden = !on;
  scanButton.setAttribute("aria-pressed", String(on));
  if (on) reader.start("camera", "nfc");
  else reader.stop("camera");
}
scanButton.addEventListener("click", () => showScanner(one("[data-scanner]").hidden === true));
reader.addEventListener("reader-state", (event) => {
  const { source, state } = /** @type {CustomEvent} */ (event).detail;
  if (source === "camera" && state === "off") showScanner(false);
});
addEventListener("badge-read", (event) => badges.read(/** @type {CustomEvent} */ (event).detail.code));
one("[data-count]").addEventListener("click", () => model.sheet && dialog.show(views.count()));
one("[data-more-menu]").addEventListener("click", () => model.sheet && dialog.show(views.more()));
one("[data-unsent]").addEventListener("click", () => model.sheet && show.log());
const sort = one("[data-sort]");
sort.addEventListener("click", () => {
  settings.sort = settings.sort === "name" ? "organisation" : "name";
  showSort();
  list.now(wanted());
});
function showSort() {
  sort.setAttribute("aria-pressed", String(settings.sort === "organisation"));
  document.body.dataset.order = settings.sort;
}

async function signOut() {
  if (model.unsent()) return say(t("sign_out_unsent", { n: model.unsent() }), { level: "stop" });
  settings.forget();
  await keep.forgetAll();
  await fetch("/sign-out", { method: "POST" }).catch(() => {});
  location.assign("/sign-in");
}

// -- start -------------------------------------------------------------------------------------------

model.listen(changed);
words.listen(() => {
  reader.words = config.reader[words.language];
  reader.setAttribute("language", words.language);
  list.reset();
  changed({ own: false });
});
words.showStatic();
reader.words = config.reader[words.language];
showSort();
changed({ own: false });
keepAwake();
setInterval(head.tick, 1000);
live.refresh();
live.listen();
serve(config.worker, () => !dialog.open && !model.unsent());

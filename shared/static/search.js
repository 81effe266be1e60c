// Names as people at a door say and type them: particles, ij and y, accents and slips of the finger forgiven. Pure.

/**
 * @typedef {{name: string, organisation?: string, city?: string}} Named
 * @typedef {0 | 1 | 2 | 3} Field of what a word is: a name, a particle of a name, the organisation, the city
 * @typedef {{word: number, field: Field}} Place `word` is an index into the vocabulary
 */

const PARTICLES = new Set(
  "van von vom de den der het t te ten ter in op aan bij onder voor la le du des da di el al und zu zur zum y en s d v vd".split(" "),
);
/** Letters that are no letter with an accent, and what people type for them. @type {Record<string, string>} */
const OTHER = { ß: "ss", æ: "ae", ø: "o", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** What a match costs, the least first; a word further off than all of these does not match. */
const COST = { same: 0, begins: 1, holds: 4, slip: 5, slipAtStart: 6, slips: 8 };
/** What it costs that the word is a particle, of the organisation, of the city. */
const FIELD_COST = [0, 1, 3, 4];
/** What it costs when a particle was said that the name does not have: van den Berg is called van der Berg all day. */
const WRONG_PARTICLE = 6;
/** What it is worth when the words stand together in the name, as they were typed. */
const TOGETHER = 2;
const NONE = 255;
const MOST_WORDS = 31; // one bit each

/**
 * A text in the form that is compared: lower case, no accents, `ij` as `y`, words apart.
 *
 * @param {string} text
 */
export function words(text) {
  return text
    .toLowerCase()
    .replace(/[’‘`´ʼ]/g, "'")
    .normalize("NFKD") // takes accents off the letters, and ĳ apart
    .replace(/\p{M}/gu, "")
    .replace(/[ßæøœłđðþı]/g, (letter) => OTHER[letter])
    .replace(/ij/g, "y")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** How many slips a word of this length is forgiven. @param {number} length */
const forgiven = (length) => (length >= 8 ? 2 : length >= 4 ? 1 : 0);

/**
 * The fewest slips (a letter too many, too few, another, two swapped) from `typed` to any beginning of `word`, and to the
 * whole of it. Stops early past `most`.
 *
 * @param {string} typed @param {string} word @param {number} most
 * @returns {{start: number, whole: number}}
 */
export function slips(typed, word, most) {
  const width = Math.min(word.length, typed.length + most);
  let [before2, before, row] = [new Uint8Array(width + 1), new Uint8Array(width + 1), new Uint8Array(width + 1)];
  for (let j = 0; j <= width; j++) before[j] = j;
  for (let i = 1; i <= typed.length; i++) {
    row[0] = i;
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = typed[i - 1] === word[j - 1];
      let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
      if (!same && i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) {
        cost = Math.min(cost, before2[j - 2] + 1);
      }
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return { start: NONE, whole: NONE };
    [before2, before, row] = [before, row, before2];
  }
  let start = before[0];
  for (let j = 1; j <= width; j++) if (before[j] < start) start = before[j];
  return { start, whole: width === word.length ? before[width] : NONE };
}

/** What a typed word costs against a word of somebody; NONE when it is another word. @param {string} typed @param {string} word */
function cost(typed, word) {
  if (word === typed) return COST.same;
  if (word.startsWith(typed)) return COST.begins;
  if (typed.endsWith("i") && word.startsWith(`${typed.slice(0, -1)}y`)) return COST.begins; // on its way to an ij
  if (typed.length >= 3 && word.includes(typed)) return COST.holds;
  const most = forgiven(typed.length);
  if (most === 0 || word.length < typed.length - most) return NONE;
  const { start, whole } = slips(typed, word, most);
  if (start > most) return NONE;
  if (start === 2) return COST.slips;
  return whole === start ? COST.slip : COST.slipAtStart;
}

/** The words of somebody, each with what it is. @param {Named} person @returns {[string, Field][]} */
function fieldsOf({ name, organisation = "", city = "" }) {
  const parts = words(name);
  /** @type {[string, Field][]} */
  const found = parts.map((word, at) => [word, at > 0 && at < parts.length - 1 && PARTICLES.has(word) ? 1 : 0]);
  for (const joined of glued(name, found)) found.push([joined, 0]);
  for (const word of words(organisation)) found.push([word, 2]);
  for (const word of words(city)) found.push([word, 3]);
  return found;
}

/**
 * Names as one word: `vandenberg` for van den Berg, `dhondt` for D'Hondt, `jansensmit` for Jansen-Smit.
 *
 * @param {string} name @param {[string, Field][]} parts
 */
function glued(name, parts) {
  const first = parts.findIndex(([, field]) => field === 1);
  const whole = first > 0 ? [parts.slice(first).map(([word]) => word).join("")] : [];
  const marked = name.split(/\s+/).filter((part) => /\p{L}['’‘`´ʼ-]\p{L}/u.test(part));
  return [...whole, ...marked.map((part) => words(part).join(""))];
}

/** Under which letter somebody is listed: de Vries under V. @param {string} name */
export function listedAs(name) {
  const parts = words(name);
  const from = parts.findIndex((word, at) => at > 0 && !PARTICLES.has(word));
  return from < 1 ? parts.join(" ") : [...parts.slice(from), ...parts.slice(0, from)].join(" ");
}

/**
 * Search among people, as each letter is typed. Making it costs some milliseconds for hundreds; make it anew when
 * somebody is added.
 *
 * @template {Named} P
 * @param {Iterable<P>} people
 */
export function createSearch(people) {
  const listed = [...people]
    .map((person) => ({ person, key: listedAs(person.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  /** @type {Map<string, number>} */
  const vocabulary = new Map();
  /** @param {string} word */
  const numbered = (word) => {
    const known = vocabulary.get(word) ?? vocabulary.size;
    vocabulary.set(word, known);
    return known;
  };
  /** @type {{person: P, name: string, places: Place[]}[]} */
  const entries = listed.map(({ person }) => ({
    person,
    name: spaced(words(person.name)),
    places: fieldsOf(person).slice(0, MOST_WORDS).map(([word, field]) => ({ word: numbered(word), field })),
  }));
  const known = [...vocabulary.keys()];

  /** @param {string} typed */
  const costs = (typed) => Uint8Array.from(known, (word) => cost(typed, word));

  return {
    /** How many people there are to find. */
    size: entries.length,
    /**
     * Who matches all words that were typed, in any order: the likeliest first, then by surname. Nobody before the second
     * letter.
     *
     * @param {string} text
     * @param {number} [most]
     * @returns {P[]}
     */
    find(text, most = 20) {
      const typed = words(text);
      if (text.trim().length < 2 || typed.length === 0) return [];
      const together = spaced(typed);
      const asked = typed
        .map((word, at) => ({ costs: costs(word), length: word.length, extra: at < typed.length - 1 && PARTICLES.has(word) }))
        .sort((a, b) => Number(a.extra) - Number(b.extra) || b.length - a.length);
      return entries
        .map(({ person, name, places }, at) => {
          const cost = total(asked, places);
          return { person, at, cost: cost < NONE && name.includes(together) ? cost - TOGETHER : cost };
        })
        .filter(({ cost }) => cost < NONE)
        .sort((a, b) => a.cost - b.cost || a.at - b.at)
        .slice(0, most)
        .map(({ person }) => person);
    },
  };
}

/** @param {string[]} typed */
const spaced = (typed) => ` ${typed.join(" ")}`;

/**
 * What all typed words cost together against somebody, each against a word of its own; NONE when one has none.
 *
 * @param {{costs: Uint8Array, extra: boolean}[]} asked `extra`: a particle, which may be another than the name has
 * @param {Place[]} places
 */
function total(asked, places) {
  let sum = 0;
  let used = 0;
  for (const { costs, extra } of asked) {
    let [best, at] = [NONE, -1];
    for (let place = 0; place < places.length; place++) {
      const { word, field } = places[place];
      if (costs[word] === NONE || used & (1 << place)) continue;
      const cost = costs[word] + FIELD_COST[field];
      if (cost < best) [best, at] = [cost, place];
    }
    if (at < 0 && !extra) return NONE;
    if (at >= 0) used |= 1 << at;
    sum += at < 0 ? WRONG_PARTICLE : best;
  }
  return sum;
}

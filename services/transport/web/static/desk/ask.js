// Asking the API: JSON in, JSON out; what goes wrong is a Problem that says what happened in words for people.

const LONGEST_MS = 15_000;

/** `status` 0: nobody answered. `problem` is the RFC 9457 answer, {} where there is none. */
export class Problem extends Error {
  constructor(status, problem = {}) {
    super(problem.detail ?? "");
    this.status = status;
    this.problem = problem;
  }

  /** The last part of the problem's type, such as `stale`. */
  get kind() {
    return (this.problem.type ?? "").split(":").at(-1);
  }
}

/**
 * GET, or POST where there is a body; `key` makes sending it again safe. Throws a Problem; without a good session it goes
 * to the sign-in page, unless it is to `stay`.
 */
export async function ask(url, { body, key, method, stay = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const answer = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(LONGEST_MS),
  }).catch(() => null);
  if (!answer) throw new Problem(0);
  const said = await answer.json().catch(() => null);
  if (answer.status === 401 && !stay) location.assign("/sign-in");
  if (!answer.ok) throw new Problem(answer.status, said ?? {});
  return said;
}

/** What a Problem means, in the page's words; the server's own sentence where it has one. */
export function why(error, words) {
  if (!(error instanceof Problem)) throw error;
  if (error.status === 0) return words.no_answer;
  if (error.status === 403) return words.forbidden;
  if (error.status === 404) return words.gone;
  return error.message || words.no_answer;
}

// The worker of a party's page: keeps the page and its files, so that it opens without network. Never an answer of the
// API: the list is kept by the page itself, and goes with the run. `VERSION`, `FILES`, `PAGES` are put before this.

/* global VERSION, FILES, PAGES */
const PREFIX = "inloop-party-";
const SHELL = `${PREFIX}${VERSION}`;
const PATIENCE_MS = 3000;

addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => self.clients.claim())));

async function keep() {
  const cache = await caches.open(SHELL);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
}

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== SHELL).map((name) => caches.delete(name)));
}

/** The page that asked for this worker came before it: keep it as well. */
addEventListener("message", (event) => event.waitUntil(keepPage(event.data.page)));

async function keepPage(pathname) {
  const answer = await fetch(pathname).catch(() => null);
  if (answer?.ok && !answer.redirected) await (await caches.open(SHELL)).put(pathname, answer);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(PAGES)) event.respondWith(page(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname));
});

async function file(request, pathname) {
  return (await (await caches.open(SHELL)).match(pathname, { ignoreVary: true })) ?? fetch(request);
}

/** The page from the network when it comes soon, else the kept one. */
async function page(request, pathname) {
  const cache = await caches.open(SHELL);
  const known = await cache.match(pathname, { ignoreVary: true });
  const asked = fetch(request).then((answer) => {
    if (answer.ok && !answer.redirected) cache.put(pathname, answer.clone());
    return answer;
  });
  if (!known) return asked;
  return Promise.race([asked.catch(() => known), new Promise((resolve) => setTimeout(() => resolve(known), PATIENCE_MS))]);
}

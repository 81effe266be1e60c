// The worker of the coordinator's page: keeps the files that the page is made of, and the page itself, so that it opens
// without network. It never keeps an answer of the API: what is personal stays in one place, the page's own store.
// `VERSION` and `FILES` are put before this by the service.

/* global VERSION, FILES, PAGES */
const PREFIX = "inloop-run-";
const SHELL = `${PREFIX}${VERSION}`;
const PATIENCE_MS = 3000;

addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

async function keepAll() {
  const cache = await caches.open(SHELL);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
}

addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(keepOpen).then(() => self.clients.claim()));
});

/** The page that brought this worker was asked for before it was there: it is kept, too. */
async function keepOpen() {
  const cache = await caches.open(SHELL);
  for (const { url } of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    const { pathname } = new URL(url);
    if (!pathname.startsWith(PAGES)) continue;
    const answer = await fetch(pathname, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(pathname, answer);
  }
}

/** Pages of an older version go too: they ask for files that are not there any more. */
async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== SHELL).map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(PAGES)) event.respondWith(page(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname));
});

/** The kept file: it is of the same version as the others. */
async function file(request, pathname) {
  const cache = await caches.open(SHELL);
  return (await cache.match(pathname, { ignoreVary: true })) ?? fetch(request);
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
  const late = new Promise((resolve) => setTimeout(() => resolve(known), PATIENCE_MS));
  return Promise.race([asked.catch(() => known), late]);
}

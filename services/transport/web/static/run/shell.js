// The page without network: a worker keeps the files it is made of. A new version is taken when nothing is going on.

/** @param {{url: string, scope: string}} worker @param {() => boolean} isCalm */
export async function serve({ url, scope }, isCalm) {
  if (!("serviceWorker" in navigator)) return; // an address without https: works as long as the page stays open
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!first && isCalm()) location.reload();
  });
  try {
    await navigator.serviceWorker.register(url, { scope });
  } catch {
    // no worker in this browser: works as long as the page stays open
  }
}

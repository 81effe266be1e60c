// Light or dark: what was chosen here before, before the first paint; else what the system says.
(() => {
  const root = document.documentElement;
  const key = "inloop-theme";
  const read = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is closed in this browser: the system decides
    }
  };
  const chosen = read();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // not remembered then
    }
  });
})();

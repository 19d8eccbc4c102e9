// Sets light or dark before anything is painted: the person's choice on this computer, else the system's.
// A classic script, not a module: it must block.
(function () {
  const system = matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  }
  function apply() {
    const choice = chosen();
    const dark = choice === "dark" || (choice !== "light" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  }
  apply();
  system.addEventListener("change", apply);
  addEventListener("theme-chosen", apply);
  // Paper is white.
  addEventListener("beforeprint", () => (document.documentElement.dataset.bsTheme = "light"));
  addEventListener("afterprint", apply);
})();

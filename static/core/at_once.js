// What cannot wait until the page is there; a classic script, not a module, for it must block.
// Light or dark before anything is painted: the person's choice on this computer, else the system's.
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

// On a slow line people type before the modules come: these find on the form that it was typed into, and on the
// field that a Chinese word is being put together in it.
addEventListener("input", (event) => event.target.form?.setAttribute("data-typed-into", ""));
addEventListener("compositionstart", (event) => event.target.setAttribute("data-composing", ""));
addEventListener("compositionend", (event) => event.target.removeAttribute("data-composing"));

// Menus that unfold (details[data-drop]) close on Escape and on a click elsewhere; the theme choice; printing.
function close(except) {
  for (const menu of document.querySelectorAll("details[data-drop][open]")) {
    if (menu !== except) menu.open = false;
  }
}

addEventListener("click", (event) => close(event.target.closest("details[data-drop]")));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details[data-drop][open]");
  close();
  menu?.querySelector("summary").focus();
  const phoneMenu = document.getElementById("menu-switch");
  if (phoneMenu) phoneMenu.checked = false;
});

const themes = document.querySelector("[data-theme-choice]");
if (themes) {
  const buttons = [...themes.querySelectorAll("button")];
  const mark = () => {
    const choice = localStorage.getItem("theme") ?? "auto";
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === choice)));
  };
  themes.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    localStorage.setItem("theme", button.value);
    dispatchEvent(new Event("theme-chosen"));
    mark();
  });
  mark();
  themes.hidden = false;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

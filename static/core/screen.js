// A page for the wall: its button fills the screen, Esc leaves it. In full screen the browser takes the first Esc itself.
const full = document.querySelector("[data-full-screen]");
const leave = document.querySelector("[data-leave]");

if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
  addEventListener("fullscreenchange", () => (full.hidden = document.fullscreenElement !== null));
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.fullscreenElement) leave?.click();
});

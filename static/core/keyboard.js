// The keys of a desk: elements with data-key, rows of tables with data-rows, Ctrl+Enter, and the list of them.
const OFF = "keys-off";
const dialog = document.getElementById("keys");
const offSwitch = document.querySelector("[data-keys-off]");
const rows = [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a[href]"));
let here = -1;

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function isTyping(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function moveTo(index) {
  rows[here]?.classList.remove("is-here");
  here = Math.max(0, Math.min(rows.length - 1, index));
  rows[here].classList.add("is-here");
  rows[here].querySelector("a[href]").focus({ preventScroll: true });
  rows[here].scrollIntoView({ block: "nearest" });
}

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

const commands = {
  j: () => rows.length && moveTo(here + 1),
  k: () => rows.length && moveTo(here < 0 ? rows.length - 1 : here - 1),
  "?": () => dialog?.showModal?.(),
};

addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form;
    if (form?.method === "post") {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".btn-primary[type=submit]"));
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isTyping(event.target) || dialog?.open) return;
  const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const command = commands[event.key] ?? (element && (() => press(element)));
  if (command) {
    event.preventDefault();
    command();
  }
});

if (offSwitch) {
  offSwitch.checked = isOff();
  offSwitch.addEventListener("change", () => localStorage.setItem(OFF, offSwitch.checked ? "1" : "0"));
}
for (const button of document.querySelectorAll("[data-show-keys]")) {
  button.hidden = !dialog?.showModal;
  button.addEventListener("click", commands["?"]);
}

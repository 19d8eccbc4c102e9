// The keys of a desk: elements with data-key, rows of tables with data-rows, Ctrl+Enter, and the list of them. A person
// may switch the single keys off; the server remembers it.
const dialog = document.getElementById("keys");
const choice = document.querySelector("[data-keys-choice]");
const offSwitch = choice?.querySelector("[data-keys-off]");
const WAY = "a[href], button[data-open]"; // what opens a row: its first link, or a button that does more than lead there
const rows = [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector(WAY));

function isOff() {
  return offSwitch?.checked === true;
}

function isTyping(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

// The row one is in: that of the focus, else the last one marked.
function place() {
  const focused = rows.indexOf(document.activeElement.closest("tr"));
  return focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
}

function mark(row) {
  for (const other of rows) {
    other.classList.toggle("is-here", other === row);
    if (other !== row) other.removeAttribute("aria-current");
  }
  row.setAttribute("aria-current", "true");
}

function moveTo(index) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  mark(row);
  row.querySelector(WAY).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
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
  j: () => rows.length && moveTo(place() + 1),
  k: () => rows.length && moveTo(place() < 0 ? rows.length - 1 : place() - 1),
  x: () => rows[place()]?.querySelector("input[data-tick]")?.click(),
  "?": () => dialog?.showModal?.(),
};

addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
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
  if (!command) return;
  event.preventDefault();
  if (!event.repeat || "jk".includes(event.key)) command();
});

// Enter opens the marked row also when its box or nothing has the focus.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || isOff() || dialog?.open) return;
  if (document.activeElement !== document.body) return;
  rows[place()]?.querySelector(WAY).click();
});

addEventListener("focusin", (event) => {
  const row = event.target.closest?.("tr");
  if (rows.includes(row)) mark(row);
});

async function remember() {
  const said = choice.querySelector("[role=status]");
  const answer = await fetch(choice.action, { method: "POST", body: new FormData(choice) }).catch(() => null);
  if (!answer?.ok) offSwitch.checked = !offSwitch.checked;
  said.textContent = answer?.ok ? said.dataset.kept : said.dataset.lost;
}
offSwitch?.addEventListener("change", remember);

for (const button of document.querySelectorAll("[data-show-keys]")) {
  button.hidden = !dialog?.showModal;
  button.addEventListener("click", () => dialog.showModal());
}

// Repeatable rows of a form. A button data-add-row="ID" copies <template id="ID"> into [data-rows-of="ID"];
// the template's names carry __n__ where the number of the row belongs. [data-remove-row] takes its fieldset away.
// A row with data-optional has data-blank until something is typed in it: only then what it lacks is asked for.
function add(button) {
  const template = document.getElementById(button.dataset.addRow);
  const list = document.querySelector(`[data-rows-of="${CSS.escape(button.dataset.addRow)}"]`);
  const number = Number(list.dataset.next ?? list.children.length);
  list.dataset.next = number + 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__n__", number).replaceAll("__m__", list.children.length + 1);
  const row = holder.content.firstElementChild;
  list.append(row);
  row.querySelectorAll("[data-remove-row]").forEach((remove) => (remove.hidden = false));
  row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

addEventListener("input", (event) => {
  const row = event.target.closest("[data-optional]");
  if (!row) return;
  const isBlank = ![...row.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value.trim());
  row.toggleAttribute("data-blank", isBlank);
  for (const must of row.querySelectorAll(".must")) {
    must.closest(".field").querySelector("input, textarea, select").required = !isBlank;
  }
});

addEventListener("click", (event) => {
  const remove = event.target.closest("[data-remove-row]");
  if (!remove) return;
  const form = remove.form ?? remove.closest("form");
  remove.closest("fieldset").remove();
  form?.querySelector("[data-add-row]")?.focus();
});

for (const button of document.querySelectorAll("[data-add-row]")) {
  button.hidden = false;
  button.addEventListener("click", () => add(button));
}
for (const remove of document.querySelectorAll("[data-remove-row]")) remove.hidden = false;

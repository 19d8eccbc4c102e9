// Ticked rows of a list: how many, all of the page, a span with Shift, filters that rest meanwhile; Enter on a box
// opens its row. "All that match" goes as the list's query and not as ids.
const form = document.querySelector("[data-bulk]");
const ticks = [...document.querySelectorAll("input[data-tick]")];
const page = document.querySelector("[data-tick-page]");
const all = form.querySelector("[data-tick-all]");
const untick = form.querySelector("[data-untick]");
const count = form.querySelector("[data-bulk-count]");
const resting = document.querySelectorAll("[data-views-bar], .filters, .list-tools, .pager");
const sorts = document.querySelectorAll("thead .sort"); // headings must stay readable, so they only stop leading away
let last = null;

function refresh() {
  const ticked = ticks.filter((tick) => tick.checked);
  const isAny = ticked.length > 0 || all?.checked === true;
  form.classList.toggle("is-idle", !isAny);
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = !isAny;
  count.textContent = isAny ? count.dataset.words.replace("#", all?.checked ? form.dataset.total : ticked.length) : "";
  page.checked = ticked.length === ticks.length;
  page.indeterminate = ticked.length > 0 && !page.checked;
  for (const tick of ticks) tick.closest("tr").classList.toggle("is-ticked", tick.checked || all?.checked === true);
  for (const part of resting) part.inert = isAny;
  for (const sort of sorts) sort.toggleAttribute("data-rests", isAny);
  untick.hidden = !isAny;
  form.querySelector("[data-bulk-locked]").hidden = !isAny;
}

function tickAll(wanted) {
  for (const tick of ticks) tick.checked = wanted;
  if (all && !wanted) all.checked = false;
  refresh();
}

for (const tick of ticks) {
  tick.addEventListener("click", (event) => {
    const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      for (const between of ticks.slice(from, to + 1)) between.checked = tick.checked;
    }
    last = tick;
    if (all && !tick.checked) all.checked = false;
    refresh();
  });
  tick.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tick.closest("tr").querySelector("a[href]")?.click();
  });
}

for (const sort of sorts) {
  sort.addEventListener("click", (event) => "rests" in sort.dataset && event.preventDefault());
}
page.hidden = false;
page.addEventListener("change", () => tickAll(page.checked));
untick.addEventListener("click", () => tickAll(false));
all?.addEventListener("change", () => tickAll(all.checked));
form.addEventListener("formdata", (event) => {
  if (event.formData.has("all")) event.formData.delete("row");
});
addEventListener("pageshow", refresh);
refresh();

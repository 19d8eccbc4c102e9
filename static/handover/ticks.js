// Ticks all things of one kind at once; the boxes stay to be ticked one by one without it.
for (const all of document.querySelectorAll("[data-ticks]")) {
  const ticks = [...all.closest(".card").querySelectorAll("tbody input[type=checkbox]")];
  const refresh = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    all.checked = ticked === ticks.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  if (ticks.length < 2) continue;
  all.closest("label").hidden = false;
  all.addEventListener("change", () => ticks.forEach((tick) => (tick.checked = all.checked)));
  for (const tick of ticks) tick.addEventListener("change", refresh);
  refresh();
}

// On a narrow screen the filters fold away while none is used; an unused filter stays out of the address
// (which then says that all is meant, for a person may have chosen a view for the bare one); what is
// ticked of several stands in their summary; columns go into the address as one word.
const narrow = matchMedia("(max-width: 767.98px)");

for (const bar of document.querySelectorAll("[data-filters]")) {
  if (narrow.matches && bar.dataset.filters === "empty") bar.open = false;
  narrow.addEventListener("change", () => {
    if (!narrow.matches) bar.open = true;
  });
  bar.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
    if ([...event.formData].length === 0) event.formData.set("view", "all");
  });
}

for (const several of document.querySelectorAll("[data-several]")) {
  const words = several.querySelector("[data-chosen]");
  several.addEventListener("change", () => {
    const chosen = [...several.querySelectorAll("input:checked")].map((tick) => tick.labels[0].textContent.trim());
    words.textContent = chosen.join("、") || words.dataset.any;
  });
}

for (const form of document.querySelectorAll("[data-joined]")) {
  form.addEventListener("formdata", (event) => {
    const name = form.dataset.joined;
    const joined = event.formData.getAll(name).join(",");
    event.formData.set(name, joined);
  });
}

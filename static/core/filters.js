// On a narrow screen the filters fold away while none is used; an unused filter stays out of the address.
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
  });
}

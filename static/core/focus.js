// After a refused form the list of faults has the focus, and its links lead into fields that tom-select replaced.
document.querySelector("[data-focus]")?.focus();

addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.tomselect ?? (field.matches("fieldset") ? field.querySelector("input") : field);
  field.closest(".field")?.scrollIntoView({ block: "center" });
  control?.focus();
});

// After a refused form the list of faults has the focus, and its links lead into fields that tom-select replaced.
const faults = document.querySelector("[data-focus]");
faults?.focus();

// Where one goes on typing at once, not on a phone. The page opens with what is to be read first in either case.
export const isDesk = () => matchMedia("(min-width: 48rem)").matches;
if (isDesk() && !faults) document.querySelector("[data-at-once]")?.focus({ preventScroll: true });

addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.tomselect ?? (field.matches("fieldset") ? field.querySelector("input") : field);
  field.closest(".field")?.scrollIntoView({ block: "center" });
  control?.focus();
});

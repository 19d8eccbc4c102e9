// Loads the behaviours a page asks for by its data attributes; every page works without them.
import "./submit_once.js";
import "./unsaved.js";
import "./keyboard.js";
import "./menus.js";
import "./focus.js";

const behaviours = [
  ["select[data-combobox], input[data-lookup-url]", "./combobox.js"],
  ["[data-also-open]", "./also_open.js"],
  ["[data-add-row]", "./rows.js"],
  ["[data-filters]", "./filters.js"],
  ["[data-view-counts]", "./view_counts.js"],
  ["[data-bulk]", "./bulk.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-checks]", "../outreach/checks.js"],
  ["[data-silence]", "../outreach/firms.js"],
  ["[data-link-code]", "../accounts/link_code.js"],
];

for (const [selector, module] of behaviours) {
  if (document.querySelector(selector)) import(module);
}

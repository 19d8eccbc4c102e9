// Type-ahead by tom-select: over a select's own options (select[data-combobox]; with data-lookup-url also those that the
// server finds by more than their words), or over what the server finds (input[data-lookup-url]). The server answers ?q=
// with JSON [{value, text, note}]. Without it both are ordinary fields;
// so the server must understand plain text in a lookup, and here too what was typed and not picked is kept as text.
// data-chosen: JSON [{value, text}] where the value shown is not the value sent; data-many: several, comma between.
import { isDesk } from "./focus.js";

const vendor = new URL("../vendor/", import.meta.url);
const say = document.body.dataset;

function load() {
  for (const address of [new URL("tom-select.min.css", vendor), new URL("combobox.css", import.meta.url)]) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = address;
    document.head.append(sheet);
  }
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("tom-select.min.js", vendor);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

const render = {
  no_results: () => element("div", "no-results", say.nothingFound),
  option_create: (typed) => element("div", "create note", `${say.asTyped}${typed.input}`),
  item: (row) => element("div", "item", row.text),
  option: (row) => {
    const option = element("div", "option", row.text);
    if (row.note) option.append(element("span", "note", row.note));
    return option;
  },
};

// Tom-select unfolds the list a moment after the control got the focus, at whatever it is by then.
function keepClosed(made) {
  clearTimeout(made.unfoldsAgain);
  made.settings.openOnFocus = false;
  made.unfoldsAgain = setTimeout(() => (made.settings.openOnFocus = true));
}

// What was typed to find a choice is done with once it is chosen; left there, it would be taken as one more. An open
// list would take the next key: whoever types faster than the page is would send nothing by Ctrl+Enter.
function settle() {
  this.setTextboxValue("");
  this.close();
  keepClosed(this);
}

// The list unfolds when somebody goes there, not when the page does; nor does the page move.
function focusClosed(made) {
  const top = scrollY;
  made.focus();
  scrollTo({ top, behavior: "instant" });
  keepClosed(made);
}

// The field itself is hidden; what was said about it is said about the control that stands for it.
function replace(field, settings) {
  // No throttle: a late refresh would let Enter take the wrong line, or unfold the list again over the next field.
  const usual = { copyClassesToDropdown: false, hidePlaceholder: true, refreshThrottle: 0, render, onItemAdd: settle };
  const made = new TomSelect(field, { ...usual, ...settings });
  if (field.hasAttribute("data-at-once") && isDesk()) focusClosed(made);
  field.setAttribute("aria-hidden", "true");
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (field.hasAttribute(name)) made.control_input.setAttribute(name, field.getAttribute(name));
  }
  if (field.required) made.control_input.setAttribute("aria-required", "true");
  made.control_input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
  });
  return made;
}

// What somebody on a slow line is typing into the plain field when this comes; it goes on in the control.
function takeOver(field) {
  if (document.activeElement !== field || field.value === field.defaultValue) return null;
  const typed = field.value.startsWith(field.defaultValue) ? field.value.slice(field.defaultValue.length) : field.value;
  field.value = field.defaultValue;
  return typed.replace(/^[,，\s]+/, "");
}

function goOn(made, typed) {
  made.focus();
  made.control_input.value = typed;
  made.control_input.dispatchEvent(new Event("input", { bubbles: true }));
}

function lookUp(field, query) {
  const address = new URL(field.dataset.lookupUrl, location.href);
  address.searchParams.set("q", query);
  return fetch(address, { headers: { Accept: "application/json" } }).then((answer) => answer.json());
}

// An option that only the server found stands after those whose words match; the note tells what it was found by.
function foundBesides(select) {
  const found = new Map();
  return {
    load(query, show) {
      const noted = ({ value, note }) => ({ ...this.options[value], note, $div: undefined }); // $div: as it was drawn
      const take = (rows) => {
        const known = rows.filter((row) => row.value in this.options);
        found.set(query, new Set(known.map((row) => String(row.value))));
        show(known.map(noted));
      };
      lookUp(select, query).then(take, () => show());
    },
    score(query) {
      const byWords = this.getScoreFunction(query);
      return (row) => byWords(row) || (found.get(query)?.has(row.value) ? Number.MIN_VALUE : 0);
    },
  };
}

function overOptions(select) {
  replace(select, {
    maxOptions: 200,
    plugins: select.multiple ? { remove_button: { title: "×" } } : {},
    ...(select.dataset.lookupUrl && foundBesides(select)),
  });
}

function overServer(input) {
  const many = "many" in input.dataset;
  const chosen = JSON.parse(input.dataset.chosen ?? "null");
  const typed = takeOver(input);
  const made = replace(input, {
    valueField: "value",
    labelField: "text",
    searchField: [],
    maxItems: many ? null : 1,
    delimiter: many ? "," : "\n",
    create: true,
    hideSelected: true,
    createOnBlur: true,
    plugins: many ? { remove_button: { title: "×" } } : {},
    ...(chosen && { options: chosen, items: chosen.map((row) => row.value) }),
    shouldLoad: (query) => query.trim().length > 0,
    score: () => () => 1,
    load(query, show) {
      this.clearOptions();
      lookUp(input, query).then(show, () => show());
    },
  });
  if (typed) goOn(made, typed);
}

// A word that is being put together must not be broken off.
function whenComposed(input) {
  if ("composing" in input.dataset) {
    input.addEventListener("compositionend", () => setTimeout(overServer, 0, input), { once: true });
  } else {
    overServer(input);
  }
}

function startAll(root) {
  root.querySelectorAll("select[data-combobox]:not(.tomselected)").forEach(overOptions);
  root.querySelectorAll("input[data-lookup-url]:not(.tomselected)").forEach(whenComposed);
}

load().then(() => {
  startAll(document);
  addEventListener("row-added", (event) => startAll(event.target));
});

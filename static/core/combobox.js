// Type-ahead by tom-select: over a select's own options (select[data-combobox]), or over what the server finds
// (input[data-lookup-url], answering ?q= with JSON [{value, text, note, search}]). Without it both are ordinary fields.
const vendor = new URL("../vendor/", import.meta.url);
const nothingFound = document.documentElement.lang.startsWith("zh") ? "没有找到" : "Nothing found";

function load() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("tom-select.bootstrap5.min.css", vendor);
  document.head.prepend(sheet);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("tom-select.complete.min.js", vendor);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

const render = {
  no_results: () => element("div", "no-results", nothingFound),
  option: (row) => {
    const option = element("div", "option", row.text);
    if (row.note) option.append(element("span", "note", row.note));
    return option;
  },
  item: (row) => element("div", "item", row.text),
};

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function overOptions(select) {
  new TomSelect(select, {
    maxOptions: 200,
    plugins: select.multiple ? { remove_button: { title: "×" } } : {},
    searchField: ["text", "search"],
    render,
  });
}

function overServer(input) {
  const many = "many" in input.dataset;
  new TomSelect(input, {
    valueField: "value",
    labelField: "text",
    searchField: [],
    maxItems: many ? null : 1,
    create: "create" in input.dataset ? (text) => ({ value: text, text }) : false,
    plugins: many ? { remove_button: { title: "×" } } : {},
    shouldLoad: (query) => query.trim().length > 0,
    score: () => () => 1,
    load(query, show) {
      this.clearOptions();
      fetch(`${input.dataset.lookupUrl}?${new URLSearchParams({ q: query })}`, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then(show, () => show());
    },
    render,
  });
}

function start(root) {
  root.querySelectorAll("select[data-combobox]:not(.tomselected)").forEach(overOptions);
  root.querySelectorAll("input[data-lookup-url]:not(.tomselected)").forEach(overServer);
}

load().then(() => {
  start(document);
  addEventListener("row-added", (event) => start(event.target));
});

// Fetches what to ask about when enterprises are chosen on the visit form: [data-checks=ADDRESS] holds the list.
// What was answered already stays, as long as it is still asked.
const place = document.querySelector("[data-checks]");
const form = place.closest("form");
let shown = chosen().toString();
let asking;

function chosen() {
  const names = ["enterprise_ids", "enterprises"];
  return new URLSearchParams([...new FormData(form)].filter(([name, value]) => names.includes(name) && value));
}

function answers() {
  const rows = [...place.querySelectorAll("[data-about]")];
  return new Map(rows.map((row) => [row.dataset.about, [row.querySelector(":checked")?.value, note(row).value]]));
}

function note(row) {
  return row.querySelector(".asked-note");
}

function put(text) {
  const before = answers();
  const held = place.contains(document.activeElement);
  place.innerHTML = text;
  for (const row of place.querySelectorAll("[data-about]")) {
    const [finding, words] = before.get(row.dataset.about) ?? ["", ""];
    const choice = finding && row.querySelector(`input[value="${CSS.escape(finding)}"]`);
    if (choice) choice.checked = true;
    if (words) note(row).value = words;
  }
  if (held) place.querySelector("input:not([type=hidden])")?.focus();
}

async function ask() {
  const wanted = chosen();
  if (wanted.toString() === shown) return;
  shown = wanted.toString();
  asking?.abort();
  asking = new AbortController();
  const address = new URL(place.dataset.checks, location.href);
  for (const [name, value] of wanted) address.searchParams.append(name, value);
  try {
    const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
    if (answer.ok) put((await answer.json()).html);
  } catch {
    shown = undefined; // asked again at the next choice; the button of the form asks too
  }
}

form.addEventListener("change", ask);

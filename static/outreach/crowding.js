// Asks who else goes to the enterprises of a form as soon as one is chosen: [data-crowding=ADDRESS] inside the form is
// filled with the answer. What is typed or ticked there goes along and comes back with it.
const box = document.querySelector("[data-crowding]");
const form = box.closest("form");
const NAMES = [
  "enterprise_ids", "enterprises", "enterprise_id", "enterprise", "visited_on", "planned_on", "mode", "kind",
  "is_invited", "frequency_reason", "plan_ids", "plans_seen", "without",
];
const WATCHED = new Set(NAMES.slice(0, 9));
let asking;

function question() {
  const entries = [...new FormData(form)].filter(([name, value]) => NAMES.includes(name) && value);
  return new URLSearchParams(entries);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`${box.dataset.crowding}?${question()}`, { signal: asking.signal });
    if (answer.ok && !answer.redirected) box.innerHTML = (await answer.json()).html;
  } catch {
    // The form works without: what it lacks is asked for when it is sent.
  }
}

form.addEventListener("change", (event) => WATCHED.has(event.target.name) && ask());

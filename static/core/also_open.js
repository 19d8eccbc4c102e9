// While a record's form is open, says who else has opened it; quietly, and only where the server can be reached.
const EVERY = 45_000;
const place = document.querySelector("[data-also-open]");
const token = place.closest("form").elements.csrf_token.value;

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/also-open", {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ record: place.dataset.alsoOpen }),
    });
    const { text } = answer.ok ? await answer.json() : { text: "" };
    place.textContent = text;
    place.hidden = !text;
  } catch {
    place.hidden = true;
  }
}

ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);

// Keeps a form on the server as a draft while it is filled in: form[data-autosave=ADDRESS]; [data-autosave-says]
// shows when. The hidden field draft_revision says from which state of the draft this window goes on.
const WAIT = 3000;
const LONGEST = 12000;
const AGAIN = 20000;
const UNKEPT = new Set(["csrf_token", "submission_id", "opened_at", "revision", "draft_revision"]);

const form = document.querySelector("form[data-autosave]");
const words = form.querySelector("[data-autosave-says]");
let kept = typed().toString();
let timer, since, sending, ended;

function typed() {
  const entries = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNKEPT.has(name));
  return new URLSearchParams(entries);
}

function later() {
  if (ended) return;
  clearTimeout(timer);
  since ??= Date.now();
  timer = setTimeout(keep, Math.max(0, Math.min(WAIT, since + LONGEST - Date.now())));
}

async function keep() {
  clearTimeout(timer);
  since = undefined;
  const body = typed();
  const now = body.toString();
  if (ended || now === kept) return;
  if (sending) return later();
  sending = new AbortController();
  for (const name of ["csrf_token", "draft_revision"]) body.set(name, form.elements[name].value);
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "error",
      keepalive: document.hidden && now.length < 50000,
      signal: sending.signal,
    });
    const answer = await response.json();
    words.textContent = answer.text;
    if (response.ok) settle(now, answer.revision);
    else if (response.status === 409) ended = true;
  } catch {
    if (ended) return;
    words.textContent = words.dataset.failed;
    timer = setTimeout(keep, AGAIN);
  } finally {
    sending = undefined;
  }
}

function settle(now, revision) {
  kept = now;
  if (revision === null) return;
  form.elements.draft_revision.value = revision;
  if (typed().toString() === now) form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  else later();
}

for (const name of ["input", "change", "click", "row-added"]) form.addEventListener(name, later);
addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("submit", (event) => {
  if (event.target !== form || event.defaultPrevented) return;
  ended = true;
  clearTimeout(timer);
  sending?.abort();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) ended = false;
});

// What comes back from the server with errors was typed, but it is not kept yet; nor what was typed before this came.
if ("autosaveTyped" in form.dataset || "typedInto" in form.dataset) {
  kept = "";
  later();
}

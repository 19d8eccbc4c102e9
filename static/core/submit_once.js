// A form is sent once: a second click while the first is under way does nothing. A form[data-download] is answered
// by a file, and no page says when that has come: it can be sent again a moment later.
const SENT = "data-sent";
const DOWNLOAD_PAUSE = 2000;

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.hasAttribute(SENT)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(SENT, "");
  event.submitter?.setAttribute("aria-busy", "true");
  if ("download" in form.dataset) setTimeout(() => free(form), DOWNLOAD_PAUSE);
});

// The back button shows the page as it was left; a form sent to a download stays on its page.
addEventListener("pageshow", release);
addEventListener("focus", release);

function release() {
  document.querySelectorAll(`form[${SENT}]`).forEach(free);
}

function free(form) {
  form.removeAttribute(SENT);
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

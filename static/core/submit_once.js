// A form is sent once: a second click while the first is under way does nothing.
const SENT = "data-sent";

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.hasAttribute(SENT)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(SENT, "");
  event.submitter?.setAttribute("aria-busy", "true");
});

// The back button shows the page as it was left; a form sent to a download stays on its page.
addEventListener("pageshow", release);
addEventListener("focus", release);

function release() {
  for (const form of document.querySelectorAll(`form[${SENT}]`)) {
    form.removeAttribute(SENT);
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
}

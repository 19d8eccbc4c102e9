// Warns before leaving a page whose form was changed and not sent: form[method=post], unless data-leave-freely.
const changed = new Set();

function note(form) {
  if (form?.method === "post" && !("leaveFreely" in form.dataset)) changed.add(form);
}

document.querySelectorAll("form[data-typed-into]").forEach(note);
addEventListener("input", (event) => note(event.target.form));

// A form that was just kept as a draft may be left.
addEventListener("kept", (event) => changed.delete(event.target));

addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.getAttribute("target") !== "_blank") changed.clear();
});

addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) {
    event.preventDefault();
    event.returnValue = "";
  }
});

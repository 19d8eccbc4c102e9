// Takes the code of a one-time link from behind the # into its field, and keeps it there over a refusal.
const field = document.querySelector("[data-link-code]");
const code = location.hash.slice(1);
if (code) {
  field.value = code;
  field.form.action += location.hash;
}

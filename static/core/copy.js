// A button that copies a text: data-copy names the field or the element that holds it, whose data-copied is said afterwards.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value ?? field.textContent.trim());
    button.textContent = field.dataset.copied;
  });
}

// Keeps a visit form in step with the enterprises chosen: whose problem or promise a row is, which is asked as soon as
// there are two; and in [data-silence] the ticks that there is no problem, one for each. While the ticks speak for all
// of them, [data-problems] is hidden; what was typed there is never: then [data-contradicted] says so.
const silence = document.querySelector("[data-silence]");
const form = silence.closest("form");
const problems = form.querySelector("[data-problems]");
const EVERY = "all"; // as the server reads it: of several, those without a problem
const NEW = "0";
const FIRM = "[name$='-enterprise_id']";
let firms = ticked("enterprise_ids", "defaultChecked"); // as the server knew them

function ticked(name, state = "checked") {
  const boxes = [...form.querySelectorAll(`[name=${name}]`)].filter((box) => box[state]);
  return new Map(boxes.map((box) => [box.value, box.closest("label").textContent.trim()]));
}

function chosen() {
  const found = ticked("enterprise_ids");
  const field = form.elements.enterprises;
  for (const part of field.value.split(",").filter((text) => /^#\d+$/.test(text))) {
    found.set(part.slice(1), field.tomselect?.options[part]?.text ?? part);
  }
  const fresh = form.elements.new_name.value.trim();
  return fresh ? found.set(NEW, fresh) : found;
}

// Something was entered here that would be lost; urgency always says something.
function isFilled(row) {
  return [...row.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "checkbox") return field.checked;
    return !/-(enterprise_id|urgency)$/.test(field.name) && field.value.trim() !== "";
  });
}

// An enterprise no longer chosen stays offered where a row is about it, until the row is about another.
function offer(select) {
  const { value } = select;
  const before = select.selectedOptions[0];
  const options = [...firms].map(([key, name]) => new Option(name, key));
  select.replaceChildren(select.options[0], ...options);
  if (value && !firms.has(value)) select.append(before);
  select.value = value;
  select.closest(".field").hidden = firms.size < 2 && (!value || firms.has(value));
}

// What was entered while there was one enterprise only is about that one.
function settleRows(only) {
  for (const select of form.querySelectorAll(FIRM)) {
    offer(select);
    const row = select.closest("fieldset");
    if (only && firms.size > 1 && !select.value && isFilled(row)) select.value = only;
  }
}

function offerTicks(only) {
  const silent = new Set(ticked("no_issue_ids").keys());
  if (only && silent.delete(EVERY)) silent.add(only);
  const each = [...firms].map(([key, name]) => [key, silence.dataset.each.replace("__name__", () => name)]);
  const isSingle = firms.size < 2;
  if (isSingle && each.some(([key]) => silent.has(key))) silent.add(EVERY);
  const wanted = isSingle ? [[EVERY, silence.dataset.one]] : [...each, [EVERY, silence.dataset.others]];
  const model = silence.querySelector("label");
  const labels = wanted.map(([key, words], number) => {
    const label = model.cloneNode(true);
    const box = label.querySelector("input");
    Object.assign(box, { id: `no_issue_ids-${number}`, value: key, checked: silent.has(key) });
    label.querySelector("span").textContent = words;
    return label;
  });
  model.parentElement.classList.toggle("choices-long", !isSingle);
  model.parentElement.replaceChildren(...labels);
}

function quieten() {
  if (!problems) return;
  const silent = ticked("no_issue_ids");
  const filled = [...problems.querySelectorAll("fieldset.repeat-row")].filter(isFilled);
  const isSilent = silent.has(EVERY) || (firms.size > 1 && [...firms.keys()].every((key) => silent.has(key)));
  const isContradicted = filled.some((row) => silent.has(firms.size < 2 ? EVERY : row.querySelector(FIRM).value));
  problems.hidden = isSilent && filled.length === 0;
  form.querySelector("[data-contradicted]").hidden = !isContradicted;
}

function look() {
  const now = chosen();
  if (JSON.stringify([...now]) !== JSON.stringify([...firms])) {
    const only = firms.size === 1 ? [...firms.keys()][0] : null;
    firms = now;
    settleRows(only);
    offerTicks(only);
  }
  quieten();
}

form.addEventListener("input", look);
form.addEventListener("change", look);
form.addEventListener("row-added", (event) => event.target.querySelectorAll(FIRM).forEach((select) => offer(select)));
form.addEventListener("click", (event) => event.target.closest("[data-remove-row]") && setTimeout(look));
look();

// Sends chosen, dropped and pasted files one by one, each with its progress; the plain form does without this.
const form = document.querySelector("[data-attach]");
const list = document.querySelector("[data-uploads]");
const queue = [];
let isBusy = false;

form.querySelector("[data-attach-ways]").hidden = false;
form.querySelector("[data-attach-send]").hidden = true;

form.elements.files.addEventListener("change", take);
take(); // what was chosen before this came

function take() {
  add(form.elements.files.files);
  form.elements.files.value = "";
}

// A file dropped beside the place would make the browser leave the page.
addEventListener("dragover", (event) => mark(event, true));
addEventListener("dragleave", (event) => mark(event, false));
addEventListener("drop", (event) => {
  mark(event, false);
  if (form.closest("section").contains(event.target)) add(event.dataTransfer.files);
});

addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  // Text copied in an office program comes with a picture of itself; in a field the text is meant.
  const isText = types.includes("text/plain") && event.target.closest("input, textarea, [contenteditable]");
  if (!files.length || isText) return;
  event.preventDefault();
  add([...files].map(named));
});

addEventListener("beforeunload", (event) => {
  if (isBusy) event.preventDefault();
});

function mark(event, isOver) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.toggle("attach-over", isOver);
}

// Browsers call every pasted picture image.png.
function named(file) {
  if (file.name !== "image.png") return file;
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  return new File([file], `${form.dataset.pasted} ${time}.png`, { type: file.type });
}

function add(files) {
  for (const file of files) queue.push(line(file));
  next();
}

function line(file) {
  const item = list.appendChild(document.createElement("li"));
  item.className = "upload";
  const name = item.appendChild(document.createElement("span"));
  name.className = "upload-name";
  name.textContent = file.name;
  const bar = item.appendChild(document.createElement("progress"));
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${form.dataset.sending} ${file.name}`);
  return { file, item, bar, id: newId() };
}

// The same id with a second try of the same file: the server stores it once.
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function next() {
  if (isBusy || !queue.length) return;
  const upload = queue.shift();
  if (upload.file.size > Number(form.dataset.maxBytes)) {
    fail(upload, form.dataset.tooLarge);
    next();
    return;
  }
  isBusy = true;
  send(upload);
}

function send(upload) {
  const body = new FormData(form);
  body.set("submission_id", upload.id);
  body.delete("files");
  body.append("files", upload.file, upload.file.name);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) upload.bar.value = event.loaded / event.total;
  });
  request.upload.addEventListener("load", () => {
    upload.bar.removeAttribute("value");
    upload.bar.setAttribute("aria-label", `${form.dataset.checking} ${upload.file.name}`);
  });
  request.addEventListener("loadend", () => {
    isBusy = false;
    settle(upload, request.response);
    next();
  });
  request.send(body);
}

function settle(upload, answer) {
  const attached = answer?.querySelector("[data-attached]");
  if (attached) {
    document.querySelector("[data-attached]").replaceWith(document.adoptNode(attached));
    upload.item.remove();
  } else if (!answer) {
    fail(upload, form.dataset.brokenOff, true);
  } else if (answer.querySelector("input[type=password]")) {
    fail(upload, form.dataset.signedOut, true);
  } else {
    const said = answer.querySelector(".error-summary li") ?? answer.querySelector("main p");
    fail(upload, said?.textContent.trim() ?? form.dataset.brokenOff);
  }
}

function fail(upload, sentence, again) {
  upload.bar.remove();
  const said = upload.item.appendChild(document.createElement("span"));
  said.className = "upload-said";
  said.textContent = sentence;
  if (!again) return;
  const button = upload.item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = form.dataset.again;
  button.addEventListener("click", () => {
    const retry = line(upload.file);
    queue.push({ ...retry, id: upload.id });
    upload.item.remove();
    next();
  });
}

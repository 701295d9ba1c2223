// A photo is sent as soon as its button is pressed, with a bar that fills; without this script the form does it alone.
const form = document.querySelector("[data-upload]");

function replacePhotos(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("photos");
  const here = document.getElementById("photos");
  if (!fresh || !here) return false;
  here.replaceWith(document.importNode(fresh, true));
  listen();
  document.getElementById("photos").focus();
  const told = document.querySelector("[data-announce]");
  const wrong = document.getElementById("photo-error");
  const said = wrong ?? page.querySelector(".notice.ok");
  if (told && said) told.textContent = said.textContent.trim();
  return true;
}

function send(button) {
  const state = form.querySelector("[data-upload-state]");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", state.dataset.sending);
  state.replaceChildren(state.dataset.sending, bar);
  button.disabled = true;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.upload.addEventListener("load", () => state.replaceChildren(state.dataset.opening));
  request.addEventListener("loadend", () => {
    button.disabled = false;
    if (!request.responseText || !replacePhotos(request.responseText)) state.replaceChildren(state.dataset.failed);
  });
  request.open("POST", form.dataset.upload);
  request.send(new FormData(form));
}

function listen() {
  const button = form?.querySelector("[data-upload-button]");
  button?.addEventListener("click", (event) => {
    if (!form.querySelector("input[type=file]")?.files.length) return;
    event.preventDefault();
    send(button);
  });
}

listen();

// What a form sends stays in this tab until the answer is here. Where the site says that it was not saved because the
// visit had ended (see unsent.js), it stands in the form again, with the state it was written for.
const KEY = "kept-form";
const NEW_EACH_TIME = new Set(["csrf_token", "once"]);
const form = document.querySelector("form[data-kept]");

function putBack(fields) {
  const told = new Map();
  fields.forEach(([name, value]) => told.set(name, [...(told.get(name) ?? []), value]));
  for (const field of form.elements) {
    if (!field.name || NEW_EACH_TIME.has(field.name) || ["file", "password", "submit"].includes(field.type)) continue;
    const values = told.get(field.name) ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const one of field.options) one.selected = values.includes(one.value);
    else if (values.length) field.value = values.shift();
    field.closest("details")?.toggleAttribute("open", true);
  }
  const words = document.createElement("p");
  words.className = "notice";
  words.setAttribute("role", "status");
  words.textContent = form.dataset.kept;
  form.prepend(words);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

form?.addEventListener("submit", () => {
  const fields = [...new FormData(form)].filter(([name, value]) => !NEW_EACH_TIME.has(name) && typeof value === "string");
  sessionStorage.setItem(KEY, JSON.stringify({ at: location.pathname, fields }));
});

const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
if (form && kept?.at === location.pathname) {
  sessionStorage.removeItem(KEY);
  if (kept.unsent) putBack(kept.fields);
}

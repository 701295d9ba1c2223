// What was typed about an item stays in this tab, and never leaves it, until the item is decided, its writer signs out or
// a day has passed: a note, a hold, a refusal, a lease that lapsed and a look at another item cost nobody their words.
const DRAFT = "desk-draft:";
const DAY = 24 * 60 * 60 * 1000;
const person = document.querySelector("[data-person]")?.dataset.person;
const forms = [...document.querySelectorAll("form[data-draft]")];
const about = forms[0]?.dataset.draft;
// A note and a hold are done with once they are sent; the rest only when the item is decided.
const PARTS = { notes: "note_", hold: "hold_", second: "why" };

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function sweep() {
  const signedOut = Number(localStorage.getItem("desk-signed-out") ?? 0);
  for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(DRAFT))) {
    const draft = kept(key);
    const old = !(draft.at > Date.now() - DAY) || draft.at < signedOut;
    if (old || draft.person !== person) sessionStorage.removeItem(key);
  }
  for (const over of document.querySelectorAll("[data-decided]")) sessionStorage.removeItem(DRAFT + over.dataset.decided);
}

function controls() {
  const named = forms.flatMap((form) => [...form.elements]).filter((control) => control.name);
  return named.filter((control) => control.matches("textarea, select, input:not([type=hidden])"));
}

function isBox(control) {
  return control.matches("[type=checkbox], [type=radio]");
}

function keep(but = "") {
  const fields = controls()
    .filter((control) => (isBox(control) ? control.checked : control.value !== ""))
    .filter((control) => !but || !control.name.startsWith(but))
    .map((control) => [control.name, control.value]);
  if (!fields.length) return sessionStorage.removeItem(DRAFT + about);
  if (JSON.stringify(kept(DRAFT + about).fields) === JSON.stringify(fields)) return; // as old as it was
  sessionStorage.setItem(DRAFT + about, JSON.stringify({ person, at: Date.now(), fields }));
}

// Puts one control back; says whether that changed anything.
function putBack(control, fields) {
  const same = fields.filter(([name]) => name === control.name);
  if (isBox(control)) {
    if (control.checked || !same.some(([, value]) => value === control.value)) return false;
    control.checked = true;
    return true;
  }
  if (!same.length || same[0][1].trim() === control.value.trim()) return false;
  control.value = same[0][1];
  return true;
}

function restore() {
  const { fields } = kept(DRAFT + about);
  if (!fields) return;
  const changed = controls().filter((control) => putBack(control, fields));
  for (const control of changed) control.closest("details")?.setAttribute("open", "");
  const word = document.querySelector("[data-restored]");
  if (word && changed.length) word.hidden = false;
}

if (person) sweep();
if (about) {
  restore();
  keep();
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => event.target.form?.dataset.draft && keep());
  }
  document.addEventListener("submit", (event) => {
    const sent = event.submitter?.getAttribute("formaction") ?? event.target.getAttribute("action");
    const part = PARTS[sent.split("/").at(-1)];
    if (part) keep(part);
  });
  // The page may be the answer to a form: its address leads to the item all the same.
  const address = document.querySelector("[data-address]")?.dataset.address;
  if (address && location.pathname !== address) history.replaceState(null, "", address);
}
window.addEventListener("storage", (event) => {
  if (event.key === "desk-signed-out") sweep();
});

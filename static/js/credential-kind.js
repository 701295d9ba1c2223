// Of the fields that only some kinds of paper need, those of the chosen kind; without this script all are there.
const kind = document.querySelector("select[name=kind]");
const parts = [...document.querySelectorAll("[data-for-kind]")];

function show() {
  const needs = (kind.selectedOptions[0]?.dataset.needs ?? "").split(" ");
  for (const part of parts) {
    const wrong = part.querySelector("[aria-invalid]") !== null;
    part.hidden = !needs.includes(part.dataset.forKind) && !wrong;
  }
}

if (kind) {
  kind.addEventListener("change", show);
  show();
}

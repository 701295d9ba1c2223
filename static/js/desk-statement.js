// The words of a statement: a rule begins them with its draft, a saved text goes in where the cursor is. Own words stay.
const statement = document.querySelector("[data-decide] textarea[name=statement]");
const rules = [...document.querySelectorAll("[data-rule] input")];
const saved = document.querySelector("[data-saved-reply]");

function draftThere() {
  const said = statement.value.trim();
  return rules.map((rule) => rule.dataset.draft).find((draft) => draft.trim() === said);
}

function isUntouched() {
  return statement.value.trim() === "" || draftThere() !== undefined;
}

function tell() {
  statement.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(words) {
  statement.value = words;
  tell();
}

function putIn(text) {
  if (isUntouched()) return say(text);
  const before = statement.value.slice(0, statement.selectionStart);
  const glue = before === "" || /\s$/.test(before) ? "" : " ";
  statement.setRangeText(glue + text, statement.selectionStart, statement.selectionEnd, "end");
  tell();
}

function choose(rule) {
  if (isUntouched()) say(rule.dataset.draft);
}

if (statement) {
  // A page that came back has lost the space after a draft; and whoever has not been in the field writes at its end.
  statement.value = draftThere() ?? statement.value;
  statement.setSelectionRange(statement.value.length, statement.value.length);
  for (const rule of rules) for (const kind of ["click", "change"]) rule.addEventListener(kind, () => choose(rule));
  saved?.addEventListener("change", () => {
    if (!saved.value) return;
    const rule = rules.find((one) => one.value === saved.selectedOptions[0].dataset.ruleKey);
    if (rule && !rules.some((one) => one.checked)) rule.checked = true;
    putIn(saved.value);
    saved.value = "";
    statement.focus();
  });
}

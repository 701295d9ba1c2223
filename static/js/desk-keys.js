// Keys of the desk: each presses a control that is on the page. They rest while somebody types.
const rows = [...document.querySelectorAll("[data-queue] [data-row]")];
let at = rows.findIndex((row) => row.classList.contains("chosen"));
const onItem = document.querySelector(".desk-item") !== null;

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

function choose(step) {
  if (!rows.length) return;
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows.forEach((row, index) => row.classList.toggle("chosen", index === at));
  const link = rows[at].querySelector("a");
  link.focus();
  if (onItem) link.click();
}

function open() {
  const button = document.querySelector('[data-key="o"]');
  if (button) return button.click();
  if (onItem && at < 0) return; // what is on view is not in the queue: nothing else is taken in its place
  const row = rows[Math.max(at, 0)];
  (row?.querySelector("[data-take]") ?? row?.querySelector("a"))?.click();
}

function draft(radio) {
  const statement = document.querySelector("[data-decide] textarea");
  const drafts = [...document.querySelectorAll("[data-rule] input")].map((input) => input.dataset.draft);
  if (statement && (statement.value === "" || drafts.includes(statement.value))) statement.value = radio.dataset.draft;
}

function rule(number) {
  const labels = [...document.querySelectorAll("[data-rule] input")];
  const radio = number === 0 ? labels.at(-1) : labels[number - 1];
  if (!radio) return;
  radio.checked = true;
  draft(radio);
  radio.focus();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-rule] input")) draft(event.target);
  if (event.target.matches("[data-saved-reply]") && event.target.value) {
    const key = event.target.selectedOptions[0].dataset.ruleKey;
    document.querySelector("[data-decide] textarea").value = event.target.value;
    const radio = document.querySelector(`[data-rule] input[value="${CSS.escape(key)}"]`);
    if (radio) radio.checked = true;
  }
});

// Single letters can be in the way of speech input and of other aids: they can be turned off.
const toggle = document.querySelector("[data-keys-toggle]");
let off = localStorage.getItem("desk-keys") === "off";

function showToggle() {
  toggle.hidden = false;
  toggle.textContent = off ? toggle.dataset.off : toggle.dataset.on;
}

toggle?.addEventListener("click", () => {
  off = !off;
  localStorage.setItem("desk-keys", off ? "off" : "on");
  showToggle();
});
if (toggle) showToggle();

document.addEventListener("keydown", (event) => {
  if (off || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target)) return;
  if (event.key === "j") choose(1);
  else if (event.key === "k") choose(-1);
  else if (event.key === "o") open();
  else if (event.key === "q") location.assign("/desk/");
  else if (event.key === "i") document.querySelector("[data-decide] textarea")?.focus();
  else if (/^[0-9]$/.test(event.key)) rule(Number(event.key));
  else {
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    if (target.matches("textarea")) target.focus();
    else target.click();
  }
  event.preventDefault();
});

const chosen = document.querySelector("[data-rule] input:checked");
if (chosen) draft(chosen);

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

// What is folded away opens, and its first box is under the finger.
function unfold(summary) {
  summary.parentElement.open = true;
  summary.parentElement.querySelector("input, select, textarea")?.focus();
}

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
  else {
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    if (target.matches("summary")) unfold(target);
    else if (!target.matches("textarea")) target.click();
    if (target.matches("textarea, input")) target.focus();
  }
  event.preventDefault();
});

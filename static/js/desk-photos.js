// Photos are asked for by whoever wants to see them: p, or a press on each. A second press takes them away.
// Once every one was open, the tick that says so is set.
const links = [...document.querySelectorAll("[data-photo]")];
const seen = new Set();

function toggle(link) {
  if (link.firstElementChild) {
    link.textContent = link.dataset.words;
    link.classList.remove("open");
    return;
  }
  link.dataset.words = link.textContent;
  const picture = new Image();
  picture.alt = link.textContent;
  picture.src = link.href;
  link.replaceChildren(picture);
  link.classList.add("open");
  seen.add(link);
  const looked = document.querySelector("[data-looked]");
  if (looked && seen.size === links.length) looked.checked = true;
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(link);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "p" || localStorage.getItem("desk-keys") === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
  links.forEach(toggle);
});

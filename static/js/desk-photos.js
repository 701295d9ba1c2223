// Photos are asked for by whoever wants to see them: p, or a press on each. A second press takes them away.
// Which ones were sent is kept by the server: nothing is ticked here.
const links = [...document.querySelectorAll("[data-photo]")];

function close(link) {
  link.textContent = link.dataset.words;
  link.classList.remove("open");
}

function toggle(link) {
  if (link.firstElementChild) return close(link);
  link.dataset.words = link.textContent;
  const picture = new Image();
  picture.alt = link.textContent;
  picture.addEventListener("error", () => close(link)); // it did not come: the words say again that it can be asked for
  picture.src = link.href;
  link.replaceChildren(picture);
  link.classList.add("open");
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

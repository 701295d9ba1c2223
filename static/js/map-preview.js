// The pressed pin, and its clinic where the row is not on view: name, distance and the way to its page.
export const isChosen = (box, pin) => box.dataset.chosen === pin.slug;

export function choose(box, pin) {
  hidePreview(box);
  box.dataset.chosen = pin.slug;
}

export function hidePreview(box) {
  delete box.dataset.chosen;
  box.querySelector(".map-preview")?.remove();
  document.querySelectorAll(".chosen").forEach((other) => other.classList.remove("chosen"));
}

export function showPreview(box, pin, distance) {
  const card = document.createElement("div");
  card.className = "map-preview";
  const link = document.createElement("a");
  link.href = pin.url;
  link.dir = "auto";
  link.textContent = pin.name;
  card.append(link);
  if (distance) card.append(Object.assign(document.createElement("span"), { textContent: distance }));
  card.addEventListener("keydown", (event) => { if (event.key === "Escape") hidePreview(box); });
  box.append(card);
  link.focus({ preventScroll: true });
}

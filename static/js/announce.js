// One live region per page; emptied first so that the same sentence is read twice when it is said twice.
export function announce(words) {
  const region = document.querySelector("[data-announce]");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 60);
}

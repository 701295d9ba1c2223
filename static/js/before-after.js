// Lays two pictures over each other with a slider under them; beside each other is one press away, and is what stands
// there without this script. A range input takes arrow keys, a click on its line, and dragging alike.
function wipe(pair) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = 0;
  range.max = 100;
  range.value = 50;
  range.setAttribute("aria-label", pair.dataset.words);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "action";
  const line = document.createElement("div");
  line.className = "healed-wipe";
  line.append(range, button);
  pair.after(line);

  function lay(over) {
    pair.classList.toggle("over", over);
    range.hidden = !over;
    button.textContent = over ? pair.dataset.beside : pair.dataset.over;
  }
  range.addEventListener("input", () => pair.style.setProperty("--shown", `${range.value}%`));
  button.addEventListener("click", () => lay(!pair.classList.contains("over")));
  lay(true);
}

for (const pair of document.querySelectorAll("[data-wipe]")) wipe(pair);

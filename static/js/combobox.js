// Place suggestions: the ARIA 1.2 combobox with a list. The field stays an ordinary text field of its form.
const WAIT = 120; // ms of silence before asking
const LEAST = 2;  // letters

let count = 0;

export function startCombobox(cell) {
  const input = cell.querySelector("input");
  const list = document.createElement("ul");
  list.id = `suggestions-${(count += 1)}`;
  list.className = "popup";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", cell.dataset.list);
  list.hidden = true;
  cell.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer, asking, chosen = -1;

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    asking?.abort();
    chosen = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    const all = options();
    chosen = (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    input.value = option.dataset.value;
    close();
  }

  function show(results) {
    list.replaceChildren(...results.map((place, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.dataset.value = place.label;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = place.name;
      const rest = document.createElement("small");
      const where = place.label.startsWith(`${place.name}, `) ? place.label.slice(place.name.length + 2) : place.country ?? "";
      rest.textContent = [place.matched && `(${place.matched})`, where].filter(Boolean).join(" ");
      option.append(name, rest);
      return option;
    }));
    chosen = -1;
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const typed = input.value.trim();
    asking?.abort();
    if (typed.length < LEAST) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${cell.dataset.source}?${new URLSearchParams({ q: typed })}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).results);
    } catch (error) {
      // Suggestions are a help only: without them the field works as it is.
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(chosen < 0 && step < 0 ? options().length - 1 : chosen + step);
    } else if (event.key === "Enter" && open && chosen >= 0) {
      event.preventDefault();
      take(options()[chosen]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
  // mousedown, because a click would come after the field has lost its focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

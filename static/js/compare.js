// Up to four clinics to compare, kept while the tab is open so that they survive a change of page or filter.
const KEY = "compare";
const MOST = 4;

function held() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]").filter((slug) => typeof slug === "string").slice(0, MOST);
  } catch {
    return [];
  }
}

function keep(slugs) {
  try { sessionStorage.setItem(KEY, JSON.stringify(slugs)); } catch { /* private mode: the ticks alone count */ }
}

export function dressCompare() {
  const bar = document.querySelector("[data-compare]");
  if (!bar) return;
  const slugs = held();
  const boxes = [...document.querySelectorAll('input[name="c"][form="compare-form"]')];
  boxes.forEach((box) => { box.checked = slugs.includes(box.value); });
  bar.querySelectorAll('input[type="hidden"]').forEach((field) => field.remove());
  const here = new Set(boxes.map((box) => box.value));
  slugs.filter((slug) => !here.has(slug)).forEach((slug) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "c", value: slug });
    bar.append(field);
  });
  bar.classList.toggle("held", slugs.length > 0);
  const words = bar.querySelector("[data-compare-status]");
  words.textContent = [words.textContent, words.dataset.one, words.dataset.two, words.dataset.three, words.dataset.four][slugs.length];
}

export function startCompare() {
  dressCompare();
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "c" || box.getAttribute("form") !== "compare-form") return;
    const slugs = held().filter((slug) => slug !== box.value);
    if (box.checked && slugs.length >= MOST) {
      box.checked = false;
      const words = document.querySelector("[data-compare-status]");
      words.textContent = words.dataset.full;
      return;
    }
    keep(box.checked ? [...slugs, box.value] : slugs);
    dressCompare();
  });
}

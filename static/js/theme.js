// The colours are chosen by /theme.css from the same cookie; here they also change at once, without a reload.
import { readCookie, writeCookie } from "./cookies.js";

const root = document.documentElement;
const device = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  const chosen = root.dataset.theme || readCookie("theme");
  return chosen === "dark" || (chosen !== "light" && device.matches);
}

function dress(link) {
  const dark = isDark();
  const words = dark ? link.dataset.toLight : link.dataset.toDark;
  const use = link.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, dark ? "#sun" : "#moon"));
  link.querySelector("[data-word]").textContent = words;
  link.title = words;
}

function changed(links) {
  links.forEach(dress);
  document.dispatchEvent(new CustomEvent("theme-changed"));
}

export function startTheme() {
  const links = document.querySelectorAll("[data-theme-switch]");
  links.forEach((link) => {
    dress(link);
    // Now it acts and leads nowhere.
    link.setAttribute("role", "button");
    link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      root.dataset.theme = isDark() ? "light" : "dark";
      writeCookie("theme", root.dataset.theme);
      changed(links);
    });
  });
  device.addEventListener("change", () => changed(links));
}

// Saved clinics live in one cookie of this device: slugs joined by ".", newest first. No account, nothing sent.
import { announce } from "./announce.js";
import { readCookie, writeCookie } from "./cookies.js";

const MOST = 60;
const SLUG = /^[a-z0-9-]{1,120}$/;

export const savedSlugs = () => readCookie("saved").split(".").filter((slug) => SLUG.test(slug)).slice(0, MOST);

function dress(link, slugs) {
  const on = slugs.includes(link.dataset.save);
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", String(on));
  link.querySelector("[data-word]").textContent = on ? link.dataset.on : link.dataset.off;
}

export function dressSaved(within = document) {
  const slugs = savedSlugs();
  within.querySelectorAll("[data-save]").forEach((link) => dress(link, slugs));
  document.querySelectorAll("[data-saved-count]").forEach((place) => { place.textContent = slugs.length || ""; });
}

function toggle(link) {
  const slug = link.dataset.save;
  const slugs = savedSlugs();
  const on = slugs.includes(slug);
  if (!on && slugs.length >= MOST) return announce(link.dataset.saidFull);
  writeCookie("saved", (on ? slugs.filter((other) => other !== slug) : [slug, ...slugs]).join("."));
  dressSaved();
  announce(on ? link.dataset.saidOff : link.dataset.saidOn);
}

export function startSaved() {
  dressSaved();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-save]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(link);
  });
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest("[data-save]");
    if (link) { event.preventDefault(); toggle(link); }
  });
  // The page may come back from the browser's own store with an old count.
  addEventListener("pageshow", (event) => { if (event.persisted) dressSaved(); });
}

// The results page in place: filter, sort and page links fetch the same address and swap the list.
import { announce } from "./announce.js";
import { dressCompare } from "./compare.js";
import { dressSaved } from "./saved.js";

const PATIENCE = 300; // ms before the list shows that it is loading
const WIDE = matchMedia("(min-width: 64rem)");
const PARTS = ["filters", "results-list"];

let asking;
let mapStarted = false;
let listScroll = 0;
let shown = location.pathname + location.search;

const results = document.getElementById("results");
const mapBox = document.getElementById("map");

function swap(page) {
  for (const id of PARTS) {
    const fresh = page.getElementById(id);
    if (!fresh) throw new Error(`no ${id} in the answer`);
    document.getElementById(id).replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  // Where nothing was searched there is no map to switch to.
  const idle = Boolean(page.getElementById("view-switch")?.hidden);
  const choice = document.getElementById("view-switch");
  if (choice) choice.hidden = idle;
  if (idle) showView(false);
  const pins = page.getElementById("map")?.dataset.pinsUrl;
  if (mapBox && pins) {
    mapBox.dataset.pinsUrl = pins;
    mapBox.dispatchEvent(new CustomEvent("pins-changed"));
  }
  dressSaved();
  dressCompare();
}

export async function visit(url, { push = true, focus = true } = {}) {
  asking?.abort();
  asking = new AbortController();
  const list = document.getElementById("results-list");
  const timer = setTimeout(() => list.setAttribute("aria-busy", "true"), PATIENCE);
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    swap(page);
    if (push) history.pushState({ results: true }, "", withView(url));
    shown = location.pathname + location.search;
    const title = document.getElementById("results-title");
    if (focus) {
      title.focus({ preventScroll: true });
      title.scrollIntoView({ block: "nearest" });
    }
    announce(title.textContent.trim());
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  } finally {
    clearTimeout(timer);
    list.removeAttribute("aria-busy");
  }
}

// The open map of a phone is part of the address, so that going back leads to it again.
function withView(url) {
  const address = new URL(url, location.href);
  address.hash = results.classList.contains("map-view") ? "map" : "";
  return address.href;
}

function showView(toMap) {
  if (toMap === results.classList.contains("map-view")) return;
  if (toMap) listScroll = scrollY;
  results.classList.toggle("map-view", toMap);
  document.querySelectorAll("[data-view]").forEach((button) => {
    button.setAttribute("aria-pressed", String((button.dataset.view === "map") === toMap));
  });
  if (toMap) {
    results.scrollIntoView({ block: "start" });
    startMap();
  } else scrollTo(0, listScroll);
}

const mapInAddress = () => location.hash === "#map" && !WIDE.matches && !document.getElementById("view-switch")?.hidden;

function ours(link) {
  const url = new URL(link.href, location.href);
  return url.origin === location.origin && url.pathname === location.pathname && url.hash === "" ? url : null;
}

async function startMap() {
  if (mapStarted || !mapBox) return;
  mapStarted = true;
  const { showMap } = await import("./map.js");
  await showMap(mapBox, visit);
}

function startSwitch() {
  document.querySelector("[data-view-switch]")?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (!button) return;
    showView(button.dataset.view === "map");
    history.replaceState(history.state, "", withView(location.href));
  });
  if (mapInAddress()) showView(true);
}

function startWideMap() {
  if (!WIDE.matches) return;
  const begin = () => ("requestIdleCallback" in window ? requestIdleCallback(startMap, { timeout: 2000 }) : setTimeout(startMap, 400));
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}

if (results) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!link.closest("#filters, #results-list") || !ours(link)) return;
    event.preventDefault();
    visit(link.href);
  });
  // A jump to a fragment also pops a state; the list is still the right one then.
  addEventListener("popstate", async () => {
    if (shown !== location.pathname + location.search) await visit(location.href, { push: false });
    showView(mapInAddress());
  });
  startSwitch();
  startWideMap();
  WIDE.addEventListener("change", startWideMap);
}

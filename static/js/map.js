// The map beside the list. It draws land of our own, rings of distance and the numbered pins of the list; it is an
// extra: every pin is a row of the list, and the list works without it.
import * as maplibre from "../vendor/maplibre-gl-6.17.0/maplibre-gl.mjs";
import { colours, mapStyle, repaint } from "./map-style.js";
import { LandSquares } from "./map-land.js";
import { drawPins } from "./map-pins.js";
import { hidePreview } from "./map-preview.js";
import { drawTowns } from "./map-towns.js";
import { ringLabels, ringLines, boundsAround, kilometresBetween } from "./map-rings.js";

maplibre.setWorkerUrl(new URL("../vendor/maplibre-gl-6.17.0/maplibre-gl-worker.mjs", import.meta.url).href);

const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;

function stylesheet(href) {
  return new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
    document.head.append(link);
  });
}

function missing(box) {
  const words = document.createElement("p");
  words.className = "map-missing soft";
  words.textContent = box.dataset.missing;
  box.replaceChildren(words);
}

const SVG = "http://www.w3.org/2000/svg";

function icon(box, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${box.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

function tool(box, name, words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = words;
  button.setAttribute("aria-label", words);
  button.append(icon(box, name));
  button.addEventListener("click", act);
  return button;
}

// The map may reach below the window until the page is scrolled; what matters is fitted into the part on view.
function room(box) {
  const hidden = Math.max(0, box.getBoundingClientRect().bottom - innerHeight);
  return { top: 36, left: 36, right: 36, bottom: 36 + Math.min(hidden, box.clientHeight / 2) };
}

function openMap(box, bounds, padding) {
  const canvas = document.createElement("div");
  canvas.className = "map";
  box.replaceChildren(canvas);
  const map = new maplibre.Map({
    container: canvas, style: mapStyle(colours(box)), bounds, fitBoundsOptions: { padding },
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, renderWorldCopies: true,
    fadeDuration: 0, minZoom: 1, maxZoom: 14,
  });
  map.touchZoomRotate?.disableRotation();
  map.keyboard?.disableRotation();
  map.getCanvas().setAttribute("aria-label", box.dataset.label);
  document.addEventListener("theme-changed", () => repaint(map, colours(box)));
  return map;
}

function addTools(box, map, fit) {
  const tools = document.createElement("div");
  tools.className = "map-tools";
  const motion = { animate: !CALM };
  tools.append(
    tool(box, "plus", box.dataset.in, () => map.zoomIn(motion)),
    tool(box, "minus", box.dataset.out, () => map.zoomOut(motion)),
    tool(box, "locate", box.dataset.back, fit),
  );
  const credit = document.createElement("p");
  credit.className = "map-credit";
  credit.textContent = box.dataset.credit;
  box.append(tools, credit);
}

// "Search this area" appears once the visitor has moved the map, and asks for the circle that fits the view.
function addAgain(box, map, unitOf, visit) {
  const again = Object.assign(document.createElement("button"), { type: "button", className: "button map-again", hidden: true });
  again.append(icon(box, "search"), box.dataset.again);
  box.append(again);
  map.on("moveend", (event) => { if (event.originalEvent) again.hidden = false; });
  again.addEventListener("click", () => {
    const middle = map.getCenter().wrap();
    const edges = map.getBounds();
    const reach = Math.min(
      kilometresBetween(middle, { lat: edges.getNorth(), lng: middle.lng }),
      kilometresBetween(middle, { lat: middle.lat, lng: edges.getEast() }),
    );
    const url = new URL(location.href);
    ["near", "page", "cursor"].forEach((name) => url.searchParams.delete(name));
    url.searchParams.set("lat", middle.lat.toFixed(3));
    url.searchParams.set("lon", middle.lng.toFixed(3));
    const unit = unitOf();
    url.searchParams.set("unit", unit);
    url.searchParams.set("radius", String(Math.max(1, Math.round(unit === "mi" ? reach / 1.609344 : reach))));
    again.hidden = true;
    visit(url.href);
  });
  return again;
}

async function load(box) {
  const answer = await fetch(box.dataset.pinsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

export async function showMap(box, visit) {
  let data;
  let map;
  try {
    [data] = await Promise.all([load(box), stylesheet(box.dataset.styles)]);
    map = openMap(box, boundsAround(data), room(box));
  } catch {
    return missing(box);
  }
  const land = new LandSquares(map);
  const markers = [];
  const fit = () => map.fitBounds(boundsAround(data), { padding: room(box), animate: !CALM });

  function draw() {
    markers.splice(0).forEach((marker) => marker.remove());
    map.getSource("rings")?.setData(ringLines(data));
    markers.push(...ringLabels(maplibre, map, data), ...drawPins(maplibre, map, data, box), ...drawTowns(maplibre, map, data));
  }

  addTools(box, map, fit);
  const again = addAgain(box, map, () => data.unit, visit);
  map.on("load", async () => { await land.update(); draw(); });
  map.on("moveend", async () => { await land.update(); draw(); });
  map.on("click", () => hidePreview(box));
  box.addEventListener("pins-changed", async () => {
    hidePreview(box);
    const moved = !again.hidden;
    data = await load(box).catch(() => data);
    if (!moved) fit();
    draw();
  });
}

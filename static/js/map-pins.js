// Numbered pins, tied both ways to the rows of the list by data-pin; other finds of the same search as small dots,
// gathered into clusters when there are more than fifty.
import { choose, isChosen, showPreview } from "./map-preview.js";
import { kilometresBetween, MILE_KM } from "./map-rings.js";

const MANY = 50;
const CELL = 46;   // px
const APART = 31;  // px between the middles of two pins, so that each can be pressed
const ROUNDS = 40;

const words = (pattern, n, name) => pattern.replace("%n", () => n).replace("%s", () => name);
const rowOf = (pin) => document.querySelector(`[data-pin="${CSS.escape(String(pin.n))}"]`);

function mark(row, element, on) {
  row?.classList.toggle("chosen", on);
  element.classList.toggle("chosen", on);
}

// As the row says it; a clinic without a row states it from its point, unless that is an area.
function distance(row, pin, { origin, unit }) {
  if (row) return row.querySelector(".result-place b")?.textContent ?? "";
  if (!origin || pin.approximate) return "";
  const km = kilometresBetween({ lat: origin.lat, lng: origin.lon }, { lat: pin.lat, lng: pin.lon });
  const [length, name] = unit === "mi" ? [km / MILE_KM, "mile"] : [km, "kilometer"];
  return new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit: name, maximumFractionDigits: 1 }).format(length);
}

function pinMarker(maplibre, map, pin, box, data, offset = [0, 0]) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `map-pin${pin.approximate ? " approximate" : ""}${pin.n ? "" : " other"}`;
  element.textContent = pin.n ?? "";
  const row = pin.n ? rowOf(pin) : null;
  element.addEventListener("click", (event) => {
    event.stopPropagation(); // a press on the map itself puts the preview away
    const again = isChosen(box, pin);
    choose(box, pin);
    mark(row, element, true);
    if (row && row.offsetParent) {
      row.scrollIntoView({ block: "center" });
      row.querySelector("h2 a, h3 a")?.focus({ preventScroll: true });
    } else if (again) location.assign(pin.url);
    else showPreview(box, pin, distance(row, pin, data));
  });
  // The pins are drawn anew after each move.
  if (isChosen(box, pin)) element.classList.add("chosen");
  element.addEventListener("mouseenter", () => mark(row, element, true));
  element.addEventListener("mouseleave", () => mark(row, element, isChosen(box, pin)));
  if (row) {
    // Properties, not listeners: a row outlives the markers of many moves and must point at the newest one only.
    row.onmouseenter = () => element.classList.add("chosen");
    row.onmouseleave = () => element.classList.toggle("chosen", isChosen(box, pin));
  }
  const marker = new maplibre.Marker({ element, offset }).setLngLat([pin.lon, pin.lat]).addTo(map);
  // The library names every marker "Map marker" when it is added; ours have better names.
  element.setAttribute("aria-label", pin.n ? words(pin.approximate ? box.dataset.area : box.dataset.pin, pin.n, pin.name) : pin.name);
  return marker;
}

// Clinics of one street would cover each other: their pins are pushed apart until each can be pressed.
function spread(map, pins) {
  const points = pins.map((pin, i) => {
    const { x, y } = map.project([pin.lon, pin.lat]);
    return { x0: x, y0: y, x: x + Math.cos(i) / 10, y: y + Math.sin(i) / 10 };
  });
  for (let round = 0, moved = true; moved && round < ROUNDS; round += 1) {
    moved = false;
    points.forEach((a, i) => points.slice(i + 1).forEach((b) => {
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const far = Math.hypot(dx, dy) || 0.01;
      if (far >= APART) return;
      const [px, py] = [(dx / far) * (APART - far) / 2 * 1.02, (dy / far) * (APART - far) / 2 * 1.02];
      Object.assign(a, { x: a.x - px, y: a.y - py });
      Object.assign(b, { x: b.x + px, y: b.y + py });
      moved = true;
    }));
  }
  return points.map((point) => [point.x - point.x0, point.y - point.y0].map((shift) => (Math.abs(shift) < 0.5 ? 0 : shift)));
}

function clusterMarker(maplibre, map, pins, box) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "map-pin cluster";
  element.textContent = pins.length;
  const lon = pins.reduce((sum, pin) => sum + pin.lon, 0) / pins.length;
  const lat = pins.reduce((sum, pin) => sum + pin.lat, 0) / pins.length;
  element.addEventListener("click", () => map.easeTo({ center: [lon, lat], zoom: map.getZoom() + 2 }));
  const marker = new maplibre.Marker({ element }).setLngLat([lon, lat]).addTo(map);
  element.setAttribute("aria-label", words(box.dataset.cluster, "", String(pins.length)));
  return marker;
}

export function drawPins(maplibre, map, data, box) {
  const { pins } = data;
  const one = (pin) => pinMarker(maplibre, map, pin, box, data);
  const rows = pins.filter((pin) => pin.n);
  const shifts = spread(map, rows);
  const numbered = rows.map((pin, i) => pinMarker(maplibre, map, pin, box, data, shifts[i]));
  const others = pins.filter((pin) => !pin.n);
  if (others.length <= MANY) return [...others.map(one), ...numbered];
  const cells = new Map();
  others.forEach((pin) => {
    const { x, y } = map.project([pin.lon, pin.lat]);
    const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
    cells.set(key, [...(cells.get(key) ?? []), pin]);
  });
  const gathered = [...cells.values()].map((group) => (group.length === 1 ? one(group[0]) : clusterMarker(maplibre, map, group, box)));
  return [...gathered, ...numbered];
}

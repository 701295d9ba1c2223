// The map's layers, in the page's own colours. The tokens are oklch() inside light-dark(); a canvas turns what the
// browser computed into the rgb that the map understands.
const USED = { land: "--map-land", water: "--map-water", line: "--line", dot: "--dot", soft: "--ink-soft", ink: "--ink" };
const EMPTY = { type: "FeatureCollection", features: [] };

export function colours(box) {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const probe = document.createElement("span");
  box.append(probe);
  const found = {};
  for (const [name, token] of Object.entries(USED)) {
    probe.style.color = `var(${token})`;
    brush.fillStyle = getComputedStyle(probe).color;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b] = brush.getImageData(0, 0, 1, 1).data;
    found[name] = `rgb(${r}, ${g}, ${b})`;
  }
  probe.remove();
  return found;
}

const PAINT = (c) => [
  ["water", "background-color", c.water],
  ["world", "fill-color", c.land],
  ["land", "fill-color", c.land],
  ["borders", "line-color", c.line],
  ["stipple", "circle-color", c.dot],
  ["rings", "line-color", c.ink],
];

export function mapStyle(c) {
  const source = (data, extra = {}) => ({ type: "geojson", data, ...extra });
  const land = ["==", ["get", "kind"], "land"];
  return {
    version: 8,
    sources: {
      world: source(new URL("../vendor/world-atlas-2.0.2/world.json", import.meta.url).href),
      land: source(EMPTY, { tolerance: 0.2 }), stipple: source(EMPTY), rings: source(EMPTY, { tolerance: 0 }),
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": c.water } },
      { id: "world", type: "fill", source: "world", filter: land, paint: { "fill-color": c.land } },
      { id: "land", type: "fill", source: "land", filter: land, paint: { "fill-color": c.land, "fill-antialias": false } },
      { id: "borders", type: "line", source: "land", filter: ["==", ["get", "kind"], "border"], paint: { "line-color": c.line, "line-width": 1.5 } },
      { id: "stipple", type: "circle", source: "stipple", paint: { "circle-color": c.dot, "circle-radius": 1.15 } },
      { id: "rings", type: "line", source: "rings", layout: { "line-cap": "round" },
        paint: { "line-color": c.ink, "line-width": 1.4, "line-dasharray": [0.01, 4], "line-opacity": 0.8 } },
    ],
  };
}

export function repaint(map, c) {
  PAINT(c).forEach(([layer, property, colour]) => { if (map.getLayer(layer)) map.setPaintProperty(layer, property, colour); });
}

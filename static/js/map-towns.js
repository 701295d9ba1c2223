// Towns: a sprinkle of dots by population, and names where there is room. Names give way to pins and to larger towns.
const HEIGHT = 18;  // px of a line
const LETTER = 7.4; // px, about
const ORIGIN_OFFSETS = [26, -26, 48, -48, 70, -70]; // px: the place searched looks for room above and below itself
const BIG = 90_000; // people: from here a name is drawn in ink

// The same town must look the same on every move.
function chance(seed) {
  let state = 2166136261;
  for (const letter of seed) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}

function sprinkle(towns) {
  return towns.flatMap((town) => {
    const random = chance(town.name);
    const people = town.population || 2000;
    const dots = Math.min(110, Math.round(6 + Math.sqrt(people) / 6));
    const spread = 0.008 + Math.sqrt(people) / 12_000; // degrees
    return Array.from({ length: dots }, () => {
      const turn = 2 * Math.PI * random();
      const out = spread * Math.sqrt(-Math.log(1 - 0.98 * random()));
      return { type: "Feature", properties: {}, geometry: { type: "Point",
        coordinates: [town.lon + (out * Math.cos(turn)) / Math.cos((town.lat * Math.PI) / 180), town.lat + out * Math.sin(turn)] } };
    });
  });
}

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export function drawTowns(maplibre, map, { origin, pins, towns = [] }) {
  map.getSource("stipple")?.setData({ type: "FeatureCollection", features: sprinkle(towns) });
  const box = (point, width, height) => ({ left: point.x - width / 2, right: point.x + width / 2, top: point.y - height / 2, bottom: point.y + height / 2 });
  const taken = pins.map((pin) => box(map.project([pin.lon, pin.lat]), 34, 34));
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const drawn = [];
  const named = origin?.name ? [{ ...origin, isOrigin: true }, ...towns.filter((town) => town.name !== origin.name)] : towns;
  for (const town of named) {
    const at = map.project([town.lon, town.lat]);
    if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) continue;
    const offset = (town.isOrigin ? ORIGIN_OFFSETS : [16]).find((down) => {
      const room = box({ x: at.x, y: at.y + down }, town.name.length * LETTER + 10, HEIGHT);
      return !taken.some((other) => overlaps(room, other)) && taken.push(room);
    });
    if (offset === undefined) continue;
    const element = document.createElement("span");
    element.className = `map-town${town.isOrigin ? " origin" : town.population >= BIG ? " big" : ""}`;
    element.textContent = town.name;
    element.setAttribute("aria-hidden", "true");
    drawn.push(new maplibre.Marker({ element, offset: [0, offset] }).setLngLat([town.lon, town.lat]).addTo(map));
  }
  return drawn;
}

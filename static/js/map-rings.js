// Circles of equal distance on the sphere, and what the view has to show.
const RADIUS_KM = 6371.0088;
export const MILE_KM = 1.609344;
const POINTS = 180;

const rad = (degrees) => (degrees * Math.PI) / 180;
const deg = (radians) => (radians * 180) / Math.PI;

export function kilometresBetween(a, b) {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2
    + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function away(origin, km, bearing) {
  const d = km / RADIUS_KM;
  const lat = Math.asin(Math.sin(rad(origin.lat)) * Math.cos(d) + Math.cos(rad(origin.lat)) * Math.sin(d) * Math.cos(bearing));
  const lon = rad(origin.lon) + Math.atan2(
    Math.sin(bearing) * Math.sin(d) * Math.cos(rad(origin.lat)), Math.cos(d) - Math.sin(rad(origin.lat)) * Math.sin(lat));
  return [deg(lon), deg(lat)];
}

// Rings come in the page's unit; a ring is a number, or {"value", "km"}.
const inKm = (ring, unit) => (typeof ring === "number" ? ring * (unit === "mi" ? MILE_KM : 1) : ring.km);
const inUnit = (ring) => (typeof ring === "number" ? ring : ring.value);

export function ringLines({ origin, rings = [], unit }) {
  const features = origin ? rings.map((ring) => ({
    type: "Feature", properties: {}, geometry: { type: "LineString",
      coordinates: Array.from({ length: POINTS + 1 }, (_, i) => away(origin, inKm(ring, unit), (2 * Math.PI * i) / POINTS)) },
  })) : [];
  return { type: "FeatureCollection", features };
}

export function ringLabels(maplibre, map, { origin, rings = [], unit }) {
  if (!origin) return [];
  const labels = rings.map((ring) => {
    const element = document.createElement("span");
    element.className = "map-ring";
    element.setAttribute("aria-hidden", "true");
    element.textContent = `${inUnit(ring)} ${unit}`;
    return new maplibre.Marker({ element }).setLngLat(away(origin, inKm(ring, unit), Math.PI)).addTo(map);
  });
  const here = document.createElement("span");
  here.className = "map-here";
  here.setAttribute("aria-hidden", "true");
  return [...labels, new maplibre.Marker({ element: here }).setLngLat([origin.lon, origin.lat]).addTo(map)];
}

export function boundsAround({ origin, radius_km: radius, pins }) {
  if (origin && radius) {
    const [west, east] = [away(origin, radius, -Math.PI / 2)[0], away(origin, radius, Math.PI / 2)[0]];
    return [[west, away(origin, radius, Math.PI)[1]], [east, away(origin, radius, 0)[1]]];
  }
  if (!pins.length) return [[-130, -40], [150, 62]];
  const lats = pins.map((pin) => pin.lat);
  const lons = pins.map((pin) => pin.lon);
  const least = 0.05; // degrees, so that one pin alone does not zoom to its door
  return [[Math.min(...lons) - least, Math.min(...lats) - least], [Math.max(...lons) + least, Math.max(...lats) + least]];
}

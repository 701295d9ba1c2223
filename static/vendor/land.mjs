// Natural Earth as the map wants it: the whole world once, coarse (for far out), and 15 degree squares of the
// finest edition (for close by), so that a town's map fetches a few kilobytes and not the planet.
const STEP = 15;      // degrees
const SOUTHMOST = -60; // Antarctica is in world.json only
const OVERLAP = 0.02; // degrees; neighbouring squares overlap so that no seam shows between them

export function* landFiles(read) {
  yield ["world.json", collection(polygons(read("land-110m.json"), "land"), borders(read("countries-110m.json")), 2)];
  const land = polygons(read("land-10m.json"), "land");
  const lines = borders(read("countries-10m.json"));
  const squares = [];
  for (let west = -180; west < 180; west += STEP) {
    for (let south = SOUTHMOST; south < 90; south += STEP) {
      const box = [west - OVERLAP, south - OVERLAP, west + STEP + OVERLAP, south + STEP + OVERLAP];
      const inside = land.map((polygon) => clipPolygon(polygon, box)).filter((polygon) => polygon.length);
      if (!inside.length) continue;
      const cut = lines.flatMap((line) => clipLine(line, box));
      const name = `${west}_${south}`;
      squares.push(name);
      yield [`land/${name}.json`, collection(inside, cut, 3)];
    }
  }
  yield ["land/index.json", { step: STEP, squares }];
}

function collection(land, lines, digits) {
  const round = (ring) => dedupe(ring.map(([x, y]) => [Number(x.toFixed(digits)), Number(y.toFixed(digits))]));
  return {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: { kind: "land" }, geometry: { type: "MultiPolygon",
        coordinates: land.map((polygon) => polygon.map(round).filter((ring) => ring.length > 3)).filter((p) => p.length) } },
      { type: "Feature", properties: { kind: "border" }, geometry: { type: "MultiLineString",
        coordinates: lines.map(round).filter((line) => line.length > 1) } },
    ],
  };
}

const dedupe = (ring) => ring.filter(([x, y], i) => i === 0 || i === ring.length - 1 || x !== ring[i - 1][0] || y !== ring[i - 1][1]);

// TopoJSON: arcs are delta-coded integers; a negative index ~i means arc i walked backwards.
function arcsOf(topology) {
  const { scale, translate } = topology.transform;
  return topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
}

function polygons(topology, name) {
  const arcs = arcsOf(topology);
  const ring = (indexes) => indexes.flatMap((index, i) => {
    const points = index < 0 ? arcs[~index].slice().reverse() : arcs[index];
    return i ? points.slice(1) : points;
  });
  return topology.objects[name].geometries.flatMap((shape) =>
    (shape.type === "Polygon" ? [shape.arcs] : shape.arcs).map((polygon) => polygon.map(ring)));
}

// A border is an arc that two countries share; an arc of one country only is coast.
function borders(topology) {
  const arcs = arcsOf(topology);
  const uses = new Map();
  for (const shape of topology.objects.countries.geometries) {
    for (const index of new Set((shape.arcs ?? []).flat(Infinity).map((i) => (i < 0 ? ~i : i)))) {
      uses.set(index, (uses.get(index) ?? 0) + 1);
    }
  }
  return [...uses].filter(([, count]) => count > 1).map(([index]) => arcs[index]);
}

const EDGES = (box) => [
  [([x]) => x >= box[0], 0, box[0]],
  [([, y]) => y >= box[1], 1, box[1]],
  [([x]) => x <= box[2], 0, box[2]],
  [([, y]) => y <= box[3], 1, box[3]],
];

function crossing(a, b, axis, value) {
  const t = (value - a[axis]) / (b[axis] - a[axis]);
  const point = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  point[axis] = value;
  return point;
}

// Sutherland-Hodgman, edge by edge; each ring by itself, the outer one decides whether the polygon is kept.
function clipPolygon(polygon, box) {
  const rings = polygon.map((ring) => EDGES(box).reduce((points, [inside, axis, value]) => {
    const kept = [];
    points.forEach((point, i) => {
      const before = points[(i + points.length - 1) % points.length];
      if (inside(point) !== inside(before)) kept.push(crossing(before, point, axis, value));
      if (inside(point)) kept.push(point);
    });
    return kept;
  }, ring.slice(0, -1)));
  if (rings[0].length < 3) return [];
  return rings.filter((ring) => ring.length > 2).map((ring) => [...ring, ring[0]]);
}

function clipLine(line, box) {
  return EDGES(box).reduce((parts, [inside, axis, value]) => parts.flatMap((part) => {
    const out = [];
    let open = [];
    part.forEach((point, i) => {
      const before = part[i - 1];
      if (before && inside(point) !== inside(before)) {
        const edge = crossing(before, point, axis, value);
        if (inside(before)) { open.push(edge); out.push(open); open = []; } else open = [edge];
      }
      if (inside(point)) open.push(point);
    });
    if (open.length > 1) out.push(open);
    return out;
  }), [line]);
}

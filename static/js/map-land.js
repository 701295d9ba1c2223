// Fine land comes in squares of 15 degrees; those in view are fetched once. Far out, the coarse world is enough.
const FOLDER = new URL("../vendor/world-atlas-2.0.2/land/", import.meta.url);
const FINE_FROM = 4; // zoom
const MOST = 12;     // squares in view; with more the view is too wide for fine land

export class LandSquares {
  constructor(map) {
    this.map = map;
    this.loaded = new Map();
    this.index = null;
  }

  async update() {
    const wanted = this.map.getZoom() >= FINE_FROM ? await this.inView() : [];
    const fine = wanted.length > 0 && wanted.length <= MOST;
    if (fine) {
      const fresh = wanted.filter((name) => !this.loaded.has(name));
      await Promise.all(fresh.map((name) => this.fetch(name)));
      if (fresh.length) this.map.getSource("land")?.setData({ type: "FeatureCollection", features: [...this.loaded.values()].flat() });
    }
    if (!this.map.getLayer("world")) return;
    this.map.setLayoutProperty("world", "visibility", fine ? "none" : "visible");
    this.map.setLayoutProperty("land", "visibility", fine ? "visible" : "none");
  }

  async inView() {
    this.index ??= fetch(new URL("index.json", FOLDER)).then((answer) => answer.json());
    const { step, squares } = await this.index;
    const known = new Set(squares);
    const edges = this.map.getBounds();
    const names = [];
    for (let west = Math.floor(edges.getWest() / step) * step; west < edges.getEast(); west += step) {
      for (let south = Math.floor(edges.getSouth() / step) * step; south < edges.getNorth(); south += step) {
        const wrapped = ((west + 180) % 360 + 360) % 360 - 180;
        if (known.has(`${wrapped}_${south}`)) names.push(`${wrapped}_${south}`);
      }
    }
    return names;
  }

  async fetch(name) {
    try {
      const answer = await fetch(new URL(`${name}.json`, FOLDER));
      this.loaded.set(name, (await answer.json()).features);
    } catch {
      // Without this square its place stays the colour of water; pins and rings are still right.
    }
  }
}

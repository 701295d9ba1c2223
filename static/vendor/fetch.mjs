// Refreshes static/vendor from the packages in package.json, after `npm ci --ignore-scripts`.
//   node static/vendor/fetch.mjs          writes the folders and SHA256SUMS
//   node static/vendor/fetch.mjs --check  exits 1 if what is committed differs from what would be written
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { landFiles } from "./land.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "..", "..", "node_modules");
const CHECK = process.argv.includes("--check");
const OUT = CHECK ? join(tmpdir(), `vendor-${process.pid}`) : HERE;

const ICONS = `arrow-left arrow-right arrow-up-right bookmark bookmark-check calendar check chevron-down chevron-left
chevron-right circle-help clock columns-2 copy external-link flag globe house info languages link list locate mail map
map-pin menu minus moon phone plus printer scale search sliders-horizontal star sun trash-2 triangle-alert user users x`
  .split(/\s+/);

const version = (name) => JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8")).version;

function folder(name) {
  const path = join(OUT, `${name}-${version(name)}`);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

function maplibre() {
  const to = folder("maplibre-gl");
  for (const file of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"]) {
    // The maps of the minified sources are not shipped, so the pointer to them would only be a 404.
    const text = readFileSync(join(MODULES, "maplibre-gl", "dist", file), "utf8").replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n");
    writeFileSync(join(to, file), text);
  }
  cpSync(join(MODULES, "maplibre-gl", "LICENSE.txt"), join(to, "LICENSE.txt"));
}

function sprite() {
  const to = folder("lucide-static");
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(join(MODULES, "lucide-static", "icons", `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  writeFileSync(join(to, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  cpSync(join(MODULES, "lucide-static", "LICENSE"), join(to, "LICENSE"));
}

function land() {
  const to = folder("world-atlas");
  const read = (name) => JSON.parse(readFileSync(join(MODULES, "world-atlas", name), "utf8"));
  for (const [name, content] of landFiles(read)) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(join(to, name), JSON.stringify(content));
  }
  cpSync(join(MODULES, "world-atlas", "LICENSE"), join(to, "LICENSE"));
}

function files(root, at = root) {
  return readdirSync(at).sort().flatMap((name) => {
    const path = join(at, name);
    return statSync(path).isDirectory() ? files(root, path) : [relative(root, path)];
  });
}

function sums() {
  return files(OUT)
    .filter((name) => /-\d[\d.]*\//.test(name))
    .map((name) => `${createHash("sha256").update(readFileSync(join(OUT, name))).digest("hex")}  ${name}`)
    .join("\n") + "\n";
}

mkdirSync(OUT, { recursive: true });
maplibre();
sprite();
land();
const list = join(HERE, "SHA256SUMS");
if (CHECK) {
  const same = existsSync(list) && readFileSync(list, "utf8") === sums();
  rmSync(OUT, { recursive: true, force: true });
  console.log(same ? "vendored files match their packages" : "vendored files differ from their packages");
  process.exit(same ? 0 : 1);
}
writeFileSync(list, sums());

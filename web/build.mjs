// Builds the page into build/web: `node web/build.mjs`.
//
// The page, the prover's worker and the service worker are separate bundles, since each is a global scope of its
// own. Everything but index.html, the manifest, the icon and the service worker has a name with a hash of its
// content. What is loaded carries its SHA-384: in index.html for what the page starts with, in the import map for
// the chunks it loads later. build.json says of every file how large it is, as served and compressed, and of the
// page which inline script its Content-Security-Policy has to admit.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

const WEB = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(WEB);
const OUT = resolve(process.argv[2] ?? join(ROOT, "build/web"));

// What a phone fetches before it shows anything, in bytes after gzip, the less dense of the two encodings.
const FIRST_LOAD = 300_000;
// A file that compresses to more than this share of itself is served as it is.
const WORTHWHILE = 0.95;

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  metafile: true,
  write: false,
  outdir: join(OUT, "assets"),
  legalComments: "none",
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
  tsconfig: join(WEB, "tsconfig.json"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  conditions: ["browser", "import", "module"],
  define: { "process.env.NODE_ENV": '"production"', "process.browser": "true" },
  // All styles are one file, which the page starts with: a stylesheet that is imported is bundled there.
  loader: { ".css": "empty" },
};

const digest = (algorithm, bytes) => `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`;

/** Every file of the page by its path below build/web. */
const files = new Map();
/** Everything that went into it, for the licences. */
const inputs = new Set();

/** Bundles and returns the outputs' descriptions by their path below build/web. */
async function bundle(options) {
  const result = await build({ ...COMMON, ...options });
  for (const file of result.outputFiles) files.set(relative(OUT, file.path), Buffer.from(file.contents));
  for (const path of Object.keys(result.metafile.inputs)) inputs.add(path);
  const outputs = Object.entries(result.metafile.outputs);
  return new Map(outputs.map(([path, output]) => [relative(OUT, join(ROOT, path)), output]));
}

/** The output made from the source file `entry`, as a path below build/web. */
function madeFrom(outputs, entry) {
  const [path] = [...outputs].find(([, output]) => output.entryPoint === entry);
  return path;
}

/** `path` and all that it imports before it runs. */
function withImports(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, kind, external } of outputs.get(path).imports)
    if (kind === "import-statement" && !external)
      withImports(outputs, relative(OUT, join(ROOT, imported)), found);
  return found;
}

async function buildPage() {
  const worker = "web/src/proofs/worker.ts";
  let prover = null;
  if (existsSync(join(ROOT, worker))) {
    const outputs = await bundle({
      entryPoints: [worker],
      splitting: true,
      entryNames: "prover-[hash]",
      chunkNames: "prover-[name]-[hash]",
    });
    prover = madeFrom(outputs, worker);
  }

  const main = "web/src/main.tsx";
  const outputs = await bundle({
    entryPoints: [main],
    splitting: true,
    define: { ...COMMON.define, PROOFS_WORKER: JSON.stringify(prover === null ? "" : `./${prover}`) },
  });
  const start = madeFrom(outputs, main);
  const started = [...withImports(outputs, start)];
  const later = [...outputs.keys()].filter((path) => path.endsWith(".js") && !started.includes(path));

  const styles = ["tokens", "base", "parts"]
    .map((name) => join(WEB, "styles", `${name}.css`))
    .filter(existsSync);
  const sheetsThere = ["styles", "src"].flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true }).map((name) => join(WEB, folder, name)),
  );
  for (const path of sheetsThere.sort())
    if (extname(path) === ".css" && !styles.includes(path)) styles.push(path);
  const sheets = await bundle({
    stdin: {
      contents: styles.map((path) => `@import ${JSON.stringify(`./${relative(WEB, path)}`)};`).join("\n"),
      resolveDir: WEB,
      sourcefile: "page.css",
      loader: "css",
    },
    loader: {},
    entryNames: "page-[hash]",
  });
  const [sheet] = [...sheets.keys()].filter((path) => path.endsWith(".css"));

  const integrity = (path) => digest("sha384", files.get(path));
  const map = JSON.stringify({
    integrity: Object.fromEntries([...started, ...later].map((path) => [`./${path}`, integrity(path)])),
  });
  const tags = [
    `<script type="importmap">${map}</script>`,
    ...started
      .filter((path) => path !== start)
      .map((path) => `<link rel="modulepreload" href="./${path}" integrity="${integrity(path)}" />`),
    `<link rel="stylesheet" href="./${sheet}" integrity="${integrity(sheet)}" />`,
    `<script type="module" src="./${start}" integrity="${integrity(start)}"></script>`,
  ];
  const shell = readFileSync(join(WEB, "index.html"), "utf8");
  if (!shell.includes("<!-- what the page starts with -->"))
    throw new Error("web/index.html has no place for what the page starts with");
  const index = shell.replace("<!-- what the page starts with -->", tags.join("\n    "));
  files.set("index.html", Buffer.from(index));
  for (const name of ["manifest.webmanifest", "icon.svg"]) files.set(name, readFileSync(join(WEB, name)));

  const first = ["index.html", sheet, ...started];
  return { prover, inlineScripts: [digest("sha256", map)], first };
}

/** The service worker comes last: it knows the page that it keeps by what that is made of. */
async function buildService(first) {
  const service = "web/src/offline/service.ts";
  if (!existsSync(join(ROOT, service))) return;
  const kept = [...files.keys()].filter((path) => !path.startsWith("assets/prover-")).sort();
  const version = createHash("sha256");
  for (const path of kept) version.update(path).update(files.get(path));
  await bundle({
    entryPoints: [service],
    outdir: OUT,
    entryNames: "service",
    format: "iife",
    define: {
      ...COMMON.define,
      VERSION: JSON.stringify(version.digest("hex").slice(0, 16)),
      FIRST: JSON.stringify(first.map((path) => `./${path}`)),
      LATER: JSON.stringify(kept.filter((path) => !first.includes(path)).map((path) => `./${path}`)),
    },
  });
}

/** One text with the licence of every package that is part of the page. */
function licences() {
  const names = new Set();
  for (const path of inputs) {
    const [, name] = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (name !== undefined)
      names.add(path.slice(0, path.lastIndexOf(`node_modules/${name}/`)) + `node_modules/${name}`);
  }
  const sections = [...names].sort().map((folder) => {
    const about = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
    const text = readdirSync(join(ROOT, folder)).find((name) => /^(licen[cs]e|copying)/i.test(name));
    if (about.license === undefined && text === undefined) throw new Error(`${folder} names no licence`);
    const author = typeof about.author === "object" ? about.author.name : about.author;
    const terms =
      text === undefined
        ? `Copyright ${author ?? "its authors"}`
        : readFileSync(join(ROOT, folder, text), "utf8");
    return `${about.name} ${about.version} (${about.license ?? "see below"})\n\n${terms.trim()}\n`;
  });
  return `The page contains these packages, each under its own licence.\n\n${sections.join(`\n${"-".repeat(78)}\n\n`)}`;
}

function described() {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, bytes]) => {
      const [br, gz] = [brotliCompressSync(bytes, quality), gzipSync(bytes, { level: 9 })];
      const packed = gz.length < bytes.length * WORTHWHILE;
      return { path, bytes, size: bytes.length, br: packed ? br : null, gz: packed ? gz : null };
    });
}

const page = await buildPage();
await buildService(page.first);
files.set("licences.txt", Buffer.from(licences()));
const all = described();
const transferred = (encoding) =>
  all
    .filter(({ path }) => page.first.includes(path))
    .reduce((sum, file) => sum + (file[encoding]?.length ?? file.size), 0);
const firstLoad = { gz: transferred("gz"), br: transferred("br") };

const draft = `${OUT}.${process.pid}`;
rmSync(draft, { recursive: true, force: true });
for (const { path, bytes, br, gz } of all) {
  mkdirSync(dirname(join(draft, path)), { recursive: true });
  writeFileSync(join(draft, path), bytes);
  if (br !== null) writeFileSync(join(draft, `${path}.br`), br);
  if (gz !== null) writeFileSync(join(draft, `${path}.gz`), gz);
}
const manifest = {
  ...page,
  firstLoad,
  files: Object.fromEntries(
    all.map(({ path, bytes, size, br, gz }) => [
      path,
      { size, gz: gz?.length ?? null, br: br?.length ?? null, sha384: digest("sha384", bytes) },
    ]),
  ),
};
writeFileSync(join(draft, "build.json"), `${JSON.stringify(manifest, null, 1)}\n`);

const row = (name, ...sizes) =>
  console.log(name.padEnd(44), ...sizes.map((size) => String(size ?? "-").padStart(10)));
row("file", "bytes", "gzip", "brotli");
for (const { path, size, gz, br } of all)
  row(`${page.first.includes(path) ? "* " : "  "}${path}`, size, gz?.length, br?.length);
row("* first load", "", firstLoad.gz, firstLoad.br);

if (firstLoad.gz > FIRST_LOAD) {
  rmSync(draft, { recursive: true });
  console.error(`the first load is ${firstLoad.gz} bytes after gzip; ${FIRST_LOAD} are allowed`);
  process.exit(1);
}
rmSync(OUT, { recursive: true, force: true });
mkdirSync(dirname(OUT), { recursive: true });
renameSync(draft, OUT);

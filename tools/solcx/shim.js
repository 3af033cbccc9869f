// A `solc` command line in front of the npm `solc` package (WebAssembly), run by solc-vX.Y.Z beside it, for tools
// that want a native binary: py-solc-x (Brownie), forge, crytic-compile (Slither).
// Understands --version, --standard-json, and --combined-json as crytic-compile asks for it.
"use strict";
const fs = require("fs");
const path = require("path");

const root = path.resolve(__dirname, "..", "..");
const packageDir = path.dirname(require.resolve("solc/package.json", { paths: [root] }));
const packageVersion = require(path.join(packageDir, "package.json")).version;

const [self = "", ...args] = process.argv.slice(2);

function fail(message) {
  console.error(`solc shim: ${message}`);
  process.exit(1);
}

/** Write all of `text` to standard output before going on: process.exit would cut a pipe short. */
function print(text) {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(1, bytes, written);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function printVersion() {
  const text = `solc, the solidity compiler commandline interface\nVersion: ${require(packageDir).version()}\n`;
  const cached = path.join(packageDir, ".shim-version");
  try {
    // Renamed into place, so that a compile running at the same moment never reads half a line.
    fs.writeFileSync(`${cached}.${process.pid}`, text);
    fs.renameSync(`${cached}.${process.pid}`, cached);
  } catch (error) {
    // A read-only installation answers just as well without the cache, only slower.
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
  print(text);
}

function parse(words) {
  const options = { base: "", include: [], remappings: [], files: [], optimize: false, runs: 200 };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--standard-json") options.standardJson = true;
    else if (word === "--combined-json") options.combinedJson = words[++i];
    else if (word === "--base-path") options.base = words[++i];
    else if (word === "--include-path") options.include.push(words[++i]);
    else if (word === "--allow-paths") i++;
    else if (word === "--optimize") options.optimize = true;
    else if (word === "--optimize-runs") options.runs = Number(words[++i]);
    else if (word === "--evm-version") options.evmVersion = words[++i];
    else if (word === "--via-ir") options.viaIR = true;
    else if (word === "-" || word === "--overwrite") continue;
    else if (word.startsWith("--")) fail(`unrecognised option '${word}'`);
    else if (word.includes("=")) options.remappings.push(word);
    else options.files.push(word);
  }
  return options;
}

function compile(input, options) {
  const prefixes = [options.base, ...options.include];
  const readImport = (name) => {
    for (const prefix of path.isAbsolute(name) ? [""] : prefixes) {
      try {
        return { contents: fs.readFileSync(path.join(prefix, name), "utf8") };
      } catch (error) {
        if (error.code !== "ENOENT") return { error: String(error) };
      }
    }
    return { error: `File not found: ${name}` };
  };
  return require(packageDir).compile(input, { import: readImport });
}

function compileCombined(options) {
  const artifacts = ["abi", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers"];
  const settings = {
    remappings: options.remappings,
    optimizer: { enabled: options.optimize, runs: options.runs },
    outputSelection: { "*": { "*": artifacts, "": ["ast"] } },
  };
  if (options.evmVersion) settings.evmVersion = options.evmVersion;
  if (options.viaIR) settings.viaIR = true;
  const sources = Object.fromEntries(options.files.map((f) => [f, { content: fs.readFileSync(f, "utf8") }]));
  const result = JSON.parse(compile(JSON.stringify({ language: "Solidity", sources, settings }), options));
  const errors = result.errors || [];
  for (const error of errors) console.error(error.formattedMessage);
  if (errors.some((error) => error.severity === "error")) process.exit(1);

  const contracts = {};
  for (const [file, named] of Object.entries(result.contracts || {})) {
    for (const [name, contract] of Object.entries(named)) {
      contracts[`${file}:${name}`] = {
        abi: contract.abi,
        bin: contract.evm.bytecode.object,
        "bin-runtime": contract.evm.deployedBytecode.object,
        srcmap: contract.evm.bytecode.sourceMap,
        "srcmap-runtime": contract.evm.deployedBytecode.sourceMap,
        hashes: contract.evm.methodIdentifiers,
        devdoc: contract.devdoc,
        userdoc: contract.userdoc,
      };
    }
  }
  const ordered = Object.entries(result.sources).sort(([, a], [, b]) => a.id - b.id);
  return JSON.stringify({
    contracts,
    sourceList: ordered.map(([file]) => file),
    sources: Object.fromEntries(ordered.map(([file, source]) => [file, { AST: source.ast, id: source.id }])),
    version: require(packageDir).version(),
  });
}

const named = /solc-v(\d+\.\d+\.\d+)$/.exec(self);
if (named && named[1] !== packageVersion) fail(`${self} stands for ${named[1]} but node_modules/solc is ${packageVersion}`);

if (args.includes("--version")) {
  printVersion();
} else {
  const options = parse(args);
  if (options.standardJson) print(compile(fs.readFileSync(0, "utf8"), options));
  else if (options.combinedJson) print(compileCombined(options));
  else fail("only --version, --standard-json and --combined-json are supported");
}
process.exit(0);

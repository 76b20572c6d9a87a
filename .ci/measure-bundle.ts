import { relative } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

const PEERS = [
  "react",
  "react-dom",
  "react/jsx-runtime",
  "bullmq",
  "hono",
  "@hono/node-server",
  "jose",
  "msw",
  "nodemailer",
  "@opentelemetry/api",
];

export interface BundleSize {
  readonly minified: number;
  readonly gzip: number;
}

export interface ModuleSize extends BundleSize {
  /** The module's path, relative to the project or to node_modules. */
  readonly module: string;
}

function bundling(code: string, folder: string): BuildOptions {
  return {
    stdin: { contents: code, resolveDir: folder, loader: code.startsWith("@") ? "css" : "ts" },
    bundle: true,
    minify: true,
    write: false,
    outfile: "bundle.js",
    format: "esm",
    external: PEERS,
    logLevel: "error",
  };
}

/** How much an app that contains this code grows, minified, without the peers and without what is loaded only when used. */
export async function measureBundle(code: string, folder: string): Promise<BundleSize> {
  const { outfile: _, ...options } = bundling(code, folder);
  const built = await build({ ...options, splitting: true, outdir: folder, metafile: true });
  const outputs = Object.entries(built.metafile.outputs);
  const initial = new Set(outputs.filter(([, { entryPoint }]) => entryPoint === "<stdin>").map(([path]) => path));
  for (const path of initial) {
    for (const { kind, path: imported, external } of built.metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) initial.add(imported);
    }
  }
  const files = (built.outputFiles ?? []).filter((file) => initial.has(relative(process.cwd(), file.path)));
  const bytes = Buffer.concat(files.map(({ contents }) => contents));
  return { minified: bytes.length, gzip: gzipSync(bytes).length };
}

/**
 * The modules in a bundle, largest first. A module's `gzip` is how much smaller the compressed bundle is without it:
 * less than the module compressed alone, because modules repeat each other.
 */
export async function measureModules(code: string, folder: string): Promise<readonly ModuleSize[]> {
  const { outputFiles = [] } = await build({ ...bundling(code, folder), sourcemap: "external" });
  const textOf = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  const bundle = textOf(".js");
  const ranges = readRanges(bundle, JSON.parse(textOf(".map")));
  const compressed = gzipSync(bundle).length;
  return [...new Set(ranges.map(({ module }) => module))]
    .map((module): ModuleSize => {
      const others = ranges.filter((range) => range.module !== module);
      const without = others.map(({ from, to }) => bundle.slice(from, to)).join("");
      return {
        module: module.replace(/^(\.\.\/)+/, "").replace(/^.*node_modules\//, ""),
        minified: bundle.length - without.length,
        gzip: compressed - gzipSync(without).length,
      };
    })
    .sort((a, b) => b.gzip - a.gzip);
}

interface Range {
  readonly module: string;
  readonly from: number;
  readonly to: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Which characters of a bundle come from which module, by its source map (version 3). */
function readRanges(bundle: string, { sources, mappings }: { sources: string[]; mappings: string }): readonly Range[] {
  const starts: { readonly module: string; readonly from: number }[] = [];
  let lineStart = 0;
  let source = 0;
  const lines = bundle.split("\n");
  for (const [index, line] of mappings.split(";").entries()) {
    let column = 0;
    for (const segment of line.split(",").filter((text) => text !== "")) {
      const [columns = 0, sourceSteps = 0] = decodeNumbers(segment);
      column += columns;
      source += sourceSteps;
      starts.push({ module: sources[source] ?? "", from: lineStart + column });
    }
    lineStart += (lines[index]?.length ?? 0) + 1;
  }
  return starts.map((start, index) => ({ ...start, to: starts[index + 1]?.from ?? bundle.length }));
}

/** Base64 VLQ: five bits a digit, the sixth says that another follows, the lowest bit of the number is its sign. */
function decodeNumbers(segment: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Prints what each entry of the built package weighs in an app: minified, without peers, and gzipped. */

const ENTRIES = ["index.js", "headless.js", "server.js", "msw.js", "labels/de.js", "styles.css"];

for (const entry of ENTRIES) {
  const result = await build({
    entryPoints: [new URL(`../dist/${entry}`, import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    external: ["react", "react-dom", "react/jsx-runtime", "hono", "msw"],
    logLevel: "error",
  });
  const bytes = result.outputFiles[0]?.contents ?? new Uint8Array();
  const kb = (size: number) => `${(size / 1_000).toFixed(1)} kB`.padStart(10);
  process.stdout.write(`${entry.padEnd(16)}${kb(bytes.length)} min ${kb(gzipSync(bytes).length)} gzip\n`);
}

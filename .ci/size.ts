import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * Prints what each entry of the built package weighs in an app, and what single exports of the main entry do: minified,
 * without peers, and gzipped.
 */

const ENTRIES = ["index.js", "headless.js", "server.js", "msw.js", "labels/de.js", "styles.css"];
const SINGLE_EXPORTS = ["useSyncProgress", "SyncProgress", "SyncProgressModal", "IntegrationCard"];

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

for (const entry of ENTRIES) {
  // A stylesheet's own rules, or an entry's every export.
  await print(entry, entry.endsWith(".css") ? `@import "./${entry}";` : `export * from "./${entry}";`);
}
for (const name of SINGLE_EXPORTS) await print(`{ ${name} }`, `export { ${name} } from "./index.js";`);

async function print(title: string, code: string): Promise<void> {
  const result = await build({
    stdin: { contents: code, resolveDir: dist, loader: code.startsWith("@") ? "css" : "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    external: ["react", "react-dom", "react/jsx-runtime", "hono", "msw"],
    logLevel: "error",
  });
  const bytes = result.outputFiles[0]?.contents ?? new Uint8Array();
  const kb = (size: number) => `${(size / 1_000).toFixed(1)} kB`.padStart(10);
  process.stdout.write(`${title.padEnd(24)}${kb(bytes.length)} min ${kb(gzipSync(bytes).length)} gzip\n`);
}

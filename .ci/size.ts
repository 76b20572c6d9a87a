import { fileURLToPath } from "node:url";
import { measureBundle, measureModules } from "./measure-bundle.ts";
import { SIZE_LIMITS } from "./size-limits.ts";

/**
 * Prints what each entry of the built package, and what single exports of it, cost in an app, against their limits;
 * with `--modules` which modules of the source they consist of.
 */

const folderOf = (name: string) => fileURLToPath(new URL(`../${name}/`, import.meta.url));
const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`.padStart(9);

for (const { title, code, maxGzipBytes } of SIZE_LIMITS) {
  const { minified, gzip } = await measureBundle(code, folderOf("dist"));
  process.stdout.write(
    `${title.padEnd(24)}${kilobytes(minified)} min ${kilobytes(gzip)} gzip of ${kilobytes(maxGzipBytes)}\n`,
  );
}

/** Read from the source: a chunk in `dist/` is one module to a bundler. */
const DISSECTED = ['export * from "./headless.ts"', 'export { SyncProgressModal } from "./index.ts"'];

if (process.argv.includes("--modules")) {
  for (const code of DISSECTED) {
    process.stdout.write(`\n${code}\nminified   gzip saved without it\n`);
    for (const { module, minified, gzip } of await measureModules(code, folderOf("src"))) {
      process.stdout.write(`${String(minified).padStart(8)} ${String(gzip).padStart(6)} ${module}\n`);
    }
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The entries that are modules, as an application imports them. */
export function readEntries(folder: string): string[] {
  const path = join(folder, "node_modules/react-sync-progress/package.json");
  const manifest: { readonly exports: Record<string, unknown> } = JSON.parse(readFileSync(path, "utf8"));
  return Object.keys(manifest.exports)
    .filter((entry) => !/\.(css|json)$/.test(entry))
    .map((entry) => `react-sync-progress${entry.slice(1)}`);
}

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const STYLES = fileURLToPath(new URL("../../src/components/styles/styles.css", import.meta.url));

/** A page with one script, built for production, that imports the package by its name. */
export interface BuiltPage {
  readonly script: string;
  /** The package's stylesheet. */
  readonly css: string;
}

/** Builds a page from its entry, a `.tsx` file that renders into `#root`. */
export async function buildPage(entry: string): Promise<BuiltPage> {
  const [page, styles] = await Promise.all([buildFiles(entry), buildFiles(STYLES)]);
  return {
    script: page.map((file) => (file.type === "chunk" ? file.code : "")).join(""),
    css: [...page, ...styles].map((file) => (file.type === "asset" ? String(file.source) : "")).join(""),
  };
}

async function buildFiles(input: string) {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    plugins: [react()],
    resolve: { tsconfigPaths: true },
    // One script, with what the package loads only when it is used.
    build: { write: false, rollupOptions: { input, output: { codeSplitting: false } } },
  });
  const bundles = Array.isArray(result) ? result : [result];
  return bundles.flatMap((bundle) => ("output" in bundle ? bundle.output : []));
}

/** The document of such a page, whose script is served at `/page.js`. */
export function documentOf({ css }: BuiltPage): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><style>${css}</style><div id="root"></div><script type="module" src="/page.js"></script>`;
}

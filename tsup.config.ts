import { defineConfig, type Options } from "tsup";

const common: Options = {
  target: "es2022",
  outDir: "dist",
  dts: true,
  sourcemap: true,
  clean: false,
  // Named one by one: tsup bundles whatever is neither a dependency nor a peer.
  external: [
    "react",
    "react-dom",
    "react/jsx-runtime",
    "@radix-ui/react-dialog",
    "@radix-ui/react-progress",
    "@radix-ui/react-slot",
    "hono",
    "msw",
  ],
};

/**
 * The directive must be the first statement of a file. Splitting keeps it out of reach in CJS, and tree shaking drops
 * it, so CJS entries are whole and the banner puts it back.
 */
const react: Options = {
  ...common,
  entry: {
    index: "src/index.ts",
    headless: "src/headless.ts",
    "labels/de": "src/components/labels/de.ts",
    "labels/ar": "src/components/labels/ar.ts",
    "labels/ja": "src/components/labels/ja.ts",
  },
  banner: { js: '"use client";' },
};

const server: Options = { ...common, entry: { server: "src/server.ts", msw: "src/msw.ts" } };

export default defineConfig([
  { ...react, format: "esm", splitting: true },
  { ...react, format: "cjs", splitting: false },
  { ...server, format: "esm", splitting: true },
  { ...server, format: "cjs", splitting: false },
  { entry: { styles: "src/components/styles.css" }, outDir: "dist", minify: true, clean: false },
]);

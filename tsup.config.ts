import { rmSync } from "node:fs";
import { build } from "esbuild";
import { defineConfig, type Options } from "tsup";

const OUT = "dist";
const TARGET = "es2022";

/**
 * Writes every ESM file, chunks included, as CJS too. What two entries share is then one module in CJS as well: a
 * context or an error class that exists twice is not recognised by the other entry. tsup's own splitting of CJS puts
 * statements before "use client", and it is no directive any more.
 */
const alsoAsCjs = (banner: string): NonNullable<Options["plugins"]>[number] => ({
  name: "also-as-cjs",
  async buildEnd({ writtenFiles }) {
    await build({
      entryPoints: writtenFiles.map(({ name }) => name).filter((name) => name.endsWith(".js")),
      outdir: OUT,
      outbase: OUT,
      outExtension: { ".js": ".cjs" },
      format: "cjs",
      platform: "node",
      target: TARGET,
      banner: { js: banner },
      sourcemap: true,
      logLevel: "warning",
      // Bundles nothing: it is how a plugin gets to see the imports.
      bundle: true,
      plugins: [
        {
          name: "import-cjs",
          setup({ onResolve }) {
            onResolve({ filter: /./ }, ({ kind, path }) =>
              kind === "entry-point" ? undefined : { path: path.replace(/^(\..+)\.js$/, "$1.cjs"), external: true },
            );
          },
        },
      ],
    });
  },
});

/** The code of some entries, whose files all begin with a banner, and the types for both formats. */
function entries(entry: Record<string, string>, banner: string): Options[] {
  const common: Options = {
    entry,
    target: TARGET,
    outDir: OUT,
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
  return [
    {
      ...common,
      format: "esm",
      splitting: true,
      banner: { js: banner },
      sourcemap: true,
      plugins: [alsoAsCjs(banner)],
    },
    { ...common, format: ["esm", "cjs"], dts: { only: true } },
  ];
}

export default defineConfig(() => {
  // Here and not by `clean`, because the configurations below run at the same time. Chunks of an earlier build would be
  // published.
  rmSync(OUT, { recursive: true, force: true });
  return [
    ...entries(
      {
        index: "src/index.ts",
        headless: "src/headless.ts",
        "labels/de": "src/components/labels/de.ts",
        "labels/ar": "src/components/labels/ar.ts",
        "labels/ja": "src/components/labels/ja.ts",
      },
      // The directive must be the first statement of each file. Tree shaking by tsup would drop it.
      '"use client";',
    ),
    ...entries({ server: "src/server.ts", msw: "src/msw.ts" }, ""),
    { entry: { styles: "src/components/styles.css" }, outDir: OUT, minify: true },
  ];
});

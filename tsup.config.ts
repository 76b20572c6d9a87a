import { readFile, rm, writeFile } from "node:fs/promises";
import { transform } from "esbuild";
import { defineConfig, type Options } from "tsup";

type BuildPlugin = NonNullable<Options["plugins"]>[number];
type EsbuildPlugin = NonNullable<Options["esbuildPlugins"]>[number];

/**
 * Writes each ESM file a second time as CJS, so that both formats are split at the same places: a class or a context
 * that two entries share is one in both. tsup's own splitting of CJS puts code before "use client", which is no
 * directive any more then, and without splitting every entry has a copy of its own.
 */
const alsoAsCjs: BuildPlugin = {
  name: "also-as-cjs",
  async buildEnd({ writtenFiles }) {
    const files = writtenFiles.map(({ name }) => name).filter((name) => name.endsWith(".js"));
    await Promise.all(files.map(writeAsCjs));
  },
};

async function writeAsCjs(file: string): Promise<void> {
  const { code } = await transform(await readFile(file, "utf8"), {
    format: "cjs",
    platform: "node",
    target: "es2022",
    sourcefile: file,
    tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
  });
  const required = code
    .replace('"use strict";\n"use client";', '"use client";\n"use strict";')
    // What a file imports by a relative path is a chunk of ours.
    .replace(/((?:require|import)\("\.[^"]*)\.js"\)/g, '$1.cjs")');
  await writeFile(file.replace(/\.js$/, ".cjs"), required);
}

/**
 * Marks what is called to initialise a constant of a module (`forwardRef`, `createContext`, `new Announcer()`) as free
 * of side effects, so that bundlers drop it where nobody uses the constant. All modules of ours keep to that, as
 * `sideEffects` in package.json says of the files; but an entry is one file. Not esbuild's `pure`, which knows globals
 * only, no imports.
 */
const pureConstants: EsbuildPlugin = {
  name: "pure-constants",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(CALLED_CONSTANT, "$1/* @__PURE__ */ "),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};

/** The beginning of a line `const name: Type = `, where a call or a `new` follows. */
const CALLED_CONSTANT = /^((?:export )?const \w+(?:: [^=\n]+)? = )(?=(?:new )?[\w.]+[(<])/gm;

/** Joins the cascade layer that esbuild wraps around each imported stylesheet into one. */
const oneLayer: BuildPlugin = {
  name: "one-layer",
  async buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles.filter((file) => file.name.endsWith(".css"))) {
      const css = await readFile(name, "utf8");
      await writeFile(name, css.replace(/\}\s*@layer react-sync-progress\{/g, ""));
    }
  },
};

const common: Options = {
  target: "es2022",
  outDir: "dist",
  // No source maps: the code is not minified, and they would be two thirds of the package.
  sourcemap: false,
  clean: false,
  esbuildPlugins: [pureConstants],
  // Named one by one: tsup bundles whatever is neither a dependency nor a peer.
  external: [
    "react",
    "react-dom",
    "react/jsx-runtime",
    "@radix-ui/react-dialog",
    "@radix-ui/react-progress",
    "@radix-ui/react-slot",
    "@opentelemetry/api",
    "@tanstack/react-virtual",
    "bullmq",
    "hono",
    "@hono/node-server",
    "jose",
    "msw",
    "nodemailer",
  ],
};

/** The banner, because esbuild drops the directive of whatever it bundles. */
const react: Options = {
  ...common,
  entry: {
    index: "src/index.ts",
    headless: "src/headless.ts",
    parts: "src/parts.ts",
    devtools: "src/devtools.ts",
    testing: "src/testing.ts",
    labels: "src/labels.ts",
    "labels/de": "src/components/labels/de.ts",
    "labels/ar": "src/components/labels/ar.ts",
    "labels/ja": "src/components/labels/ja.ts",
  },
  banner: { js: '"use client";' },
};

const server: Options = {
  ...common,
  entry: {
    server: "src/server.ts",
    "server/sqlite": "src/server-sqlite.ts",
    "server/redis": "src/server-redis.ts",
    "server/postgres": "src/server-postgres.ts",
    "server/node": "src/server-node.ts",
    "server/jwt": "src/server-jwt.ts",
    "server/bullmq": "src/server-bullmq.ts",
    "server/email": "src/server-email.ts",
    "server/opentelemetry": "src/server-opentelemetry.ts",
    msw: "src/msw.ts",
  },
};

/** The command. A program: nobody imports it, so it has no types and no second format, and is minified. */
const cli: Options = {
  ...common,
  entry: { cli: "src/cli.ts" },
  format: "esm",
  platform: "node",
  minify: true,
  banner: { js: "#!/usr/bin/env node" },
};

const asEsmAndCjs = (options: Options): Options[] => [
  { ...options, format: "esm", dts: true, splitting: true, plugins: [alsoAsCjs] },
  { ...options, format: "cjs", dts: { only: true } },
];

export default defineConfig(async () => {
  // Not by `clean`, with which each of these would remove what another has written; but a chunk of an older build has
  // another name, and would be published.
  await rm("dist", { recursive: true, force: true });
  return [
    ...asEsmAndCjs(react),
    ...asEsmAndCjs(server),
    cli,
    {
      entry: { styles: "src/components/styles/styles.css" },
      outDir: "dist",
      minify: true,
      clean: false,
      plugins: [oneLayer],
      // TypeScript refuses an import for its side effect if it finds no types; CommonJS may import only a `.cts`.
      onSuccess: () => writeFile("dist/styles.css.d.cts", "export {};\n"),
    },
  ];
});

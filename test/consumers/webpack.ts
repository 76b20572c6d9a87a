import assert from "node:assert/strict";
import { packagesOf, writeBackend } from "./backends.ts";
import { documentWith, writePage } from "./page.ts";
import { playSync, withServer } from "./play-sync.ts";
import type { Consumer } from "./workspace.ts";

/** Builds an application with webpack 5, where a warning of the bundler is an error, and plays a sync with Fastify. */
export const useWebpack: Consumer = async (workspace) => {
  writePage(workspace);
  workspace.write("webpack.config.mjs", CONFIG);
  workspace.install(
    ...packagesOf("fastify"),
    ...["react@19", "react-dom@19", "@types/react@19", "@types/react-dom@19", "@types/node@24", "typescript@6.0"],
    ...["webpack@5", "webpack-cli@7", "esbuild-loader@4", "style-loader@4", "css-loader@7"],
  );
  const command = writeBackend(workspace, "fastify");
  workspace.run("npx", "tsc", "--project", ".");
  const output = workspace.run("npx", "webpack");
  assert.doesNotMatch(output, /warning/i, "the build has no warning");
  workspace.write("dist/index.html", documentWith('<script src="/main.js"></script>'));
  await withServer(workspace.folder, command, (url) => playSync(url));
  return "webpack 5 with esbuild-loader, backend fastify";
};

const CONFIG = `
  export default {
    mode: "production",
    entry: "./src/main.tsx",
    resolve: { extensions: [".tsx", ".ts", ".js"] },
    module: {
      rules: [
        { test: /\\.tsx?$/, loader: "esbuild-loader", options: { jsx: "automatic", target: "es2022" } },
        { test: /\\.css$/, use: ["style-loader", "css-loader"] },
      ],
    },
    // React and the modal are more than the 244 kB that webpack recommends for a page.
    performance: { hints: false },
  };
`;

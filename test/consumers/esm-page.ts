import { cpSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packagesOf, writeBackend } from "./backends.ts";
import { documentWith } from "./page.ts";
import { withPage, withServer } from "./play-sync.ts";
import type { Consumer } from "./workspace.ts";

/**
 * Uses the headless entry in a page of plain modules: no bundler, an import map. React has no modules, so that its files
 * for CommonJS are put into some.
 */
export const useEsmPage: Consumer = async (workspace) => {
  const { folder, write } = workspace;
  write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  workspace.install("react@19", "react-dom@19", ...packagesOf("hono"));
  const command = writeBackend(workspace, "hono");
  for (const [name, file] of Object.entries(REACT)) write(`dist/${name}.js`, asModule(folder, name, file));
  cpSync(join(folder, "node_modules/react-sync-progress/dist"), join(folder, "dist/react-sync-progress"), {
    recursive: true,
  });
  const imports = Object.fromEntries([
    ...Object.keys(REACT).map((name) => [name, `/${name}.js`]),
    ["react-sync-progress/headless", "/react-sync-progress/headless.js"],
  ]);
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  write("dist/index.html", documentWith(`${map}<script type="module" src="/main.js"></script>`));
  write("dist/main.js", MAIN);
  await withServer(folder, command, (url) =>
    withPage(url, async (page) => {
      await page.getByRole("button", { name: "Sync Gmail" }).click();
      await page.getByText("complete 3 of 3").waitFor();
    }),
  );
  return "an import map, no bundler, headless";
};

const REACT = {
  react: "react/cjs/react.production.js",
  "react/jsx-runtime": "react/cjs/react-jsx-runtime.production.js",
  scheduler: "scheduler/cjs/scheduler.production.js",
  "react-dom": "react-dom/cjs/react-dom.production.js",
  "react-dom/client": "react-dom/cjs/react-dom-client.production.js",
};

/** The text of a module that evaluates a file for CommonJS. */
function asModule(folder: string, name: string, file: string): string {
  const code = readFileSync(join(folder, "node_modules", file), "utf8");
  const dependencies = [...new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, found]) => found))];
  const names = Object.keys(createRequire(join(folder, "package.json"))(name));
  return `
    ${dependencies.map((dependency, index) => `import * as module${index} from "${dependency}";`).join("\n")}
    const modules = { ${dependencies.map((dependency, index) => `"${dependency}": module${index}`)} };
    const module = { exports: {} };
    (function (exports, require) { ${code} })(module.exports, (name) => modules[name]);
    export const { ${names} } = module.exports;
  `;
}

const MAIN = `
  import { createElement } from "react";
  import { createRoot } from "react-dom/client";
  import { useStartSync, useSyncProgress } from "react-sync-progress/headless";
  function Sync() {
    const { start, syncId } = useStartSync("gmail");
    const { status, processedItems, totalItems } = useSyncProgress(syncId);
    const button = createElement("button", { onClick: () => start().catch(() => {}) }, "Sync Gmail");
    const count = processedItems + " of " + totalItems;
    return createElement("main", null, button, createElement("p", null, status + " " + count));
  }
  createRoot(document.getElementById("root")).render(createElement(Sync));
`;

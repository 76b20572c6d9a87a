import type { Workspace } from "./workspace.ts";

/** The strictest that an application may use, and its dependencies are checked as well. */
const COMPILER_OPTIONS = {
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable"],
  module: "esnext",
  moduleResolution: "bundler",
  jsx: "react-jsx",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ["node"],
};

/** Writes a page with the examples of the README, and its `tsconfig.json`. */
export function writePage(workspace: Workspace): void {
  workspace.write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  workspace.write("tsconfig.json", JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["src", "server"] }));
  workspace.copyExamples("src", "drop-in.tsx", "cards.tsx");
  workspace.write(
    "src/main.tsx",
    `import { StrictMode } from "react";
     import { createRoot } from "react-dom/client";
     import { Sources } from "./cards.tsx";
     import { SyncButton } from "./drop-in.tsx";
     const root = document.getElementById("root");
     if (root !== null) createRoot(root).render(<StrictMode><SyncButton /><Sources /></StrictMode>);\n`,
  );
}

/** The document of the page. The icon keeps Chromium from requesting one, which would be an error in the console. */
export function documentWith(head: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">
    </head><body><div id="root"></div>${head}</body></html>\n`;
}

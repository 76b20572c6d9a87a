import assert from "node:assert/strict";
import { type BackendName, packagesOf, writeBackend } from "./backends.ts";
import { documentWith, writePage } from "./page.ts";
import { playSync, withServer } from "./play-sync.ts";
import type { Consumer } from "./workspace.ts";

interface ViteOptions {
  /** Version of React and of its types. */
  readonly react: 18 | 19;
  readonly vite: 5 | 8;
  /** Version of TypeScript. */
  readonly typescript: string;
  readonly backend: BackendName;
}

/** Builds a strict application with Vite, serves it with its backend, and plays a sync. */
export function viteConsumer({ react, vite, typescript, backend }: ViteOptions): Consumer {
  return async (workspace) => {
    writePage(workspace);
    workspace.write("index.html", documentWith('<script type="module" src="/src/main.tsx"></script>'));
    workspace.write("vite.config.js", VITE_CONFIG);
    workspace.install(
      ...packagesOf(backend),
      ...["react", "react-dom", "@types/react", "@types/react-dom"].map((name) => `${name}@${react}`),
      "@types/node@24",
      `typescript@${typescript}`,
      `vite@${vite}`,
      `@vitejs/plugin-react@${vite === 5 ? 4 : 6}`,
    );
    const command = writeBackend(workspace, backend);
    workspace.run("npx", "tsc", "--project", ".");
    const output = workspace.run("npx", "vite", "build");
    assert.doesNotMatch(output, /warn|\(!\)/i, "the build has no warning");
    await withServer(workspace.folder, command, (url) => playSync(url));
    return `Vite ${vite}, TypeScript ${typescript} strict, backend ${backend}`;
  };
}

const VITE_CONFIG = `import react from "@vitejs/plugin-react"; export default { plugins: [react()] };`;

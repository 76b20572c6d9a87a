import { playSync, withServer } from "./play-sync.ts";
import type { Consumer } from "./workspace.ts";

/**
 * Uses the package in React Router's framework mode: the page is rendered on the server and hydrated, and a resource route
 * is the backend, behind the compression of `react-router-serve`.
 */
export const useReactRouter: Consumer = async (workspace) => {
  const { write } = workspace;
  write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  write("vite.config.js", VITE_CONFIG);
  write("app/root.tsx", ROOT);
  write("app/routes.ts", ROUTES);
  write("app/api.ts", API);
  write("app/home.tsx", HOME);
  workspace.copyExamples("app", "syncs.ts", "drop-in.tsx", "cards.tsx");
  workspace.install(
    ...[
      "react@19",
      "react-dom@19",
      "hono",
      "react-router@8.4",
      "@react-router/node@8.4",
      "@react-router/serve@8.4",
      "isbot@5",
    ],
    ...["@react-router/dev@8.4", "vite@8", "typescript@5.9"],
  );
  workspace.run("npx", "react-router", "build");
  await withServer(workspace.folder, ["npx", "react-router-serve", "build/server/index.js"], (url) => playSync(url));
  return "React Router framework mode, rendered on the server";
};

const VITE_CONFIG = `
  import { reactRouter } from "@react-router/dev/vite";
  export default { plugins: [reactRouter()] };
`;

const ROUTES = `
  import { index, route } from "@react-router/dev/routes";
  export default [index("home.tsx"), route("api/*", "api.ts")];
`;

const API = `
  import { getSyncs } from "./syncs";
  const respond = ({ request }: { request: Request }) => getSyncs().routes.fetch(request);
  export { respond as action, respond as loader };
`;

const ROOT = `
  import { Links, Outlet, Scripts } from "react-router";
  export default function Root() {
    return (
      <html lang="en">
        <head><meta charSet="utf-8" /><link rel="icon" href="data:," /><Links /></head>
        <body><Outlet /><Scripts /></body>
      </html>
    );
  }
`;

const HOME = `
  import { Sources } from "./cards";
  import { SyncButton } from "./drop-in";
  export default function Home() {
    return <><SyncButton /><Sources /></>;
  }
`;

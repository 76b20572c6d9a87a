import { createServer } from "node:http";
import type { createSyncRoutes } from "react-sync-progress/server";
import { toNodeHandler } from "react-sync-progress/server/node";

export function createNodeServer(routes: ReturnType<typeof createSyncRoutes>, path = "/api") {
  const handle = toNodeHandler(routes);
  return createServer((request, response) => {
    if (request.url?.startsWith(`${path}/`)) handle(request, response);
    else response.end("Hello");
  });
}

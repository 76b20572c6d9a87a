import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createExpressApp } from "../../docs/examples/mount-express.js";
import { createFastifyApp } from "../../docs/examples/mount-fastify.js";
import { createHonoApp } from "../../docs/examples/mount-hono.js";
import { createNodeServer } from "../../docs/examples/mount-node.js";
import type { createSyncRoutes } from "../../src/server/sync-routes.js";

type Routes = ReturnType<typeof createSyncRoutes>;

/** Something that serves the routes below a path, on a free port of the loopback interface. */
type Mount = (routes: Routes, path: string) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** The frameworks of the guide, each as the guide mounts it. */
export const FRAMEWORKS: Readonly<Record<string, Mount>> = {
  "Node's http": (routes, path) => listen(createNodeServer(routes, path)),
  Express: (routes, path) => listen(createServer(createExpressApp(routes, path))),
  async Fastify(routes, path) {
    const app = createFastifyApp(routes, path);
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    return { url, close: () => app.close() };
  },
  Hono: (routes) => listen(createAdaptorServer({ fetch: createHonoApp(routes).fetch }) as Server),
};

/** Listens until it is closed; open connections are cut then. */
export async function listen(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

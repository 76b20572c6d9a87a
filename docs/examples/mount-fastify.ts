import fastify from "fastify";
import type { createSyncRoutes } from "react-sync-progress/server";
import { toNodeHandler } from "react-sync-progress/server/node";

export function createFastifyApp(routes: ReturnType<typeof createSyncRoutes>, path = "/api") {
  // Else close() waits for connections that are kept alive.
  const app = fastify({ forceCloseConnections: true });
  app.get(`${path}/hello`, () => "Hello");
  app.register(async (scope) => {
    // The routes read the bodies of their requests.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _body, done) => done(null));
    const handle = toNodeHandler(routes);
    scope.all(`${path}/*`, (request, reply) => {
      reply.hijack();
      handle(request.raw, reply.raw);
    });
  });
  return app;
}

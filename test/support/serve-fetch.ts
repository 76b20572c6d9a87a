import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";

/** A real server on a free port of the loopback interface. */
export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a fetch handler until it is closed; open connections are cut then. */
export async function serveFetch(fetch: (request: Request) => Response | Promise<Response>): Promise<RunningServer> {
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, resolve);
  const { port } = await promise;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

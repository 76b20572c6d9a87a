import type { IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { serve } from "@hono/node-server";

/** A real server on a free port of the loopback interface. */
export interface RunningServer {
  readonly url: string;
  /** The connections that are open and have carried a request for a stream. */
  readonly streams: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Serves a fetch handler until it is closed; open connections are cut then. */
export async function serveFetch(
  fetch: (request: Request, env?: object) => Response | Promise<Response>,
): Promise<RunningServer> {
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, resolve);
  const { port } = await promise;
  const streams = new Set<Socket>();
  server.on("request", ({ url, socket }: IncomingMessage) => {
    if (url === undefined || !/\/stream(\?|$)/.test(url) || streams.has(socket)) return;
    streams.add(socket);
    socket.once("close", () => streams.delete(socket));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    streams,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

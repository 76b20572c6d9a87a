import { once } from "node:events";
import { createServer } from "node:net";

/** A node of a Redis cluster listens on this much above its port as well. */
const CLUSTER_BUS = 10_000;

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    await once(server, "close");
    const port = typeof address === "object" && address !== null ? address.port : 0;
    if (port + CLUSTER_BUS < 65_536) return port;
  }
}

import { once } from "node:events";
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net";

/** Stands between a client and a server, and can let connections die as a broken network does: without a word. */
export interface SilentProxy {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: () => number;
  /** From now on nothing passes on the connections that are open, and neither side learns of it. New ones work. */
  silence(): void;
  close(): void;
}

export async function startSilentProxy(target: NetConnectOpts): Promise<SilentProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) socket.on("error", () => {});
    client.pipe(upstream).pipe(client);
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    silence() {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream);
        upstream.unpipe(client);
        // What still comes is swallowed.
        client.resume();
        upstream.resume();
      }
    },
    close() {
      server.close();
      for (const socket of [...pairs].flat()) socket.destroy();
    },
  };
}

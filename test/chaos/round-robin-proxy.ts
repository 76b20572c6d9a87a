import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface RoundRobinProxy {
  readonly url: string;
  /** Sets the ports that connections are passed on to, each to the next one. */
  setPorts(ports: readonly number[]): void;
  close(): void;
}

/** Passes connections on, each to the next server that accepts it, and ends both sides when one ends. */
export async function startProxy(): Promise<RoundRobinProxy> {
  const open = new Set<Socket>();
  let ports: readonly number[] = [];
  let turn = 0;

  function passOn(client: Socket, triesLeft: number): void {
    const port = ports[turn % ports.length];
    turn += 1;
    if (port === undefined || triesLeft === 0) {
      client.destroy();
      return;
    }
    const server = connect({ port, host: "127.0.0.1", noDelay: true });
    server.once("connect", () => {
      open.add(server);
      server.on("close", () => {
        open.delete(server);
        client.destroy();
      });
      client.on("close", () => server.destroy());
      if (client.destroyed) server.destroy();
      client.pipe(server).pipe(client);
    });
    // It was killed, and its successor has another port.
    server.on("error", () => {
      if (server.connecting || !open.has(server)) passOn(client, triesLeft - 1);
    });
  }

  const server = createServer({ noDelay: true }, (client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => {});
    passOn(client, ports.length);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    setPorts(given) {
      ports = given;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

/** How often it is looked which processes are ready, in ms. */
const LOOK_EVERY_MS = 200;

/** A process behind the proxy. */
interface Target {
  readonly number: number;
  readonly port: number;
  isReady: boolean;
}

/**
 * A proxy that gives each request to the next process that is ready, and no two in a row to the same one: what works behind it
 * works behind any other. The header `x-demo-process` of a response is the number of the process.
 */
export function createRoundRobinProxy(ports: readonly number[]): Server {
  const targets = ports.map((port, index): Target => ({ number: index + 1, port, isReady: true }));
  let turn = 0;

  function next(): Target | undefined {
    const ready = targets.filter(({ isReady }) => isReady);
    const inTurn = ready.length > 0 ? ready : targets;
    turn += 1;
    return inTurn[turn % inTurn.length];
  }

  const server = createServer((incoming, outgoing) => {
    const target = next();
    if (target !== undefined) pass(target, incoming, outgoing);
  });
  const looking = setInterval(() => {
    for (const target of targets) void look(target);
  }, LOOK_EVERY_MS);
  server.on("close", () => clearInterval(looking));
  return server;
}

function pass(target: Target, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  // A connection for each request: one that is kept may be closed by the process at the moment at which it is used again.
  const options = { host: "127.0.0.1", port: target.port, method, path: url, headers, agent: false as const };
  const passed = request(options, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, { ...response.headers, "x-demo-process": target.number });
    outgoing.flushHeaders();
    response.pipe(outgoing);
    // A stream that breaks must break here as well, so that its reader comes back.
    response.on("error", () => outgoing.destroy());
  });
  passed.on("error", () => {
    target.isReady = false;
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.on("close", () => passed.destroy());
  incoming.pipe(passed);
}

async function look(target: Target): Promise<void> {
  try {
    const response = await fetch(`http://127.0.0.1:${target.port}/api/sync-health/ready`);
    await response.body?.cancel();
    target.isReady = response.ok;
  } catch {
    target.isReady = false;
  }
}

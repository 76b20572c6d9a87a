import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, createSyncRoutes, createSyncService, type SyncStore } from "react-sync-progress/server";
import { createJwtAuthenticator } from "react-sync-progress/server/jwt";
import { startPostgres } from "../test/server/engines/postgres-server.js";
import { startRedis } from "../test/server/engines/redis-server.js";
import { requestsOf } from "../test/server/http/all-routes.js";
import { openStore } from "../test/server/processes/open-store.js";
import { anIssuer, bearer, claimOptions, SECRET, signWithSecret } from "../test/support/tokens.js";

/**
 * Whether the time of a response says that somebody else's sync exists: every route about a sync is requested for a foreign
 * running sync, a foreign ended one and ids that do not exist, in random order, without sockets. Prints the medians and their
 * ratios, and what it costs to verify a token. `npm run bench:foreign [memory sqlite redis postgres]`.
 */

const ROUNDS = 3_000;
const WARM_UP = 300;
const KINDS = ["unknown", "unknown again", "running", "ended"] as const;

const ADA = { tenantId: "acme", userId: "ada" };
const EVE = { tenantId: "acme", userId: "eve" };

async function openNamed(name: string): Promise<{ store: SyncStore; remove: () => Promise<void> | void }> {
  if (name === "redis") {
    const server = await startRedis();
    return { store: await openStore({ engine: "redis", at: server.url }), remove: server.remove };
  }
  if (name === "postgres") {
    const server = await startPostgres();
    return { store: await openStore({ engine: "postgres", at: server.url }), remove: server.remove };
  }
  if (name === "memory") return { store: createMemoryStore(), remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "foreign-"));
  const store = await openStore({ engine: "sqlite", at: join(folder, "syncs.db") });
  return { store, remove: () => rmSync(folder, { recursive: true }) };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function measureStore(name: string): Promise<void> {
  const { store, remove } = await openNamed(name);
  const service = createSyncService({ store, notices: { email: {} } });
  const routes = createSyncRoutes({
    service,
    authenticate: () => EVE,
    limits: { startsPerMinute: Number.POSITIVE_INFINITY },
    integrations: [{ type: "gmail", name: "Gmail", sync: async () => {} }],
  });
  const ended = await service.run(ADA, async () => {}, { connectorType: "gmail" });
  await ended.settled;
  const job = (run: { readonly signal: AbortSignal }) =>
    new Promise<void>((resolve) => run.signal.addEventListener("abort", () => resolve()));
  const running = await service.run(ADA, job, { connectorType: "gmail" });

  // One id a kind: a text that is new each time takes longer, whatever it is the id of.
  const ids = {
    unknown: randomUUID(),
    "unknown again": randomUUID(),
    running: running.syncId,
    ended: ended.syncId,
  };
  const ratios = { again: [] as number[], running: [] as number[], ended: [] as number[] };
  for (const { route, method, path, body, isAboutSync } of requestsOf(routes, "gmail")) {
    if (!isAboutSync || method === "HEAD") continue;
    const times = new Map<string, number[]>(KINDS.map((kind) => [kind, []]));
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      for (const kind of KINDS.toSorted(() => Math.random() - 0.5)) {
        const request = new Request(`http://localhost${path.replace(":syncId", ids[kind])}`, { method, body });
        const startedAt = performance.now();
        const response = await routes.fetch(request);
        await response.text();
        if (response.status !== 404) throw new Error(`${route}: ${response.status}`);
        if (round >= 0) times.get(kind)?.push(performance.now() - startedAt);
      }
    }
    const of = (kind: (typeof KINDS)[number]) => median(times.get(kind) ?? []);
    const base = of("unknown");
    ratios.again.push(of("unknown again") / base);
    ratios.running.push(of("running") / base);
    ratios.ended.push(of("ended") / base);
    const columns = KINDS.map((kind) => `${(of(kind) * 1_000).toFixed(1)} us`.padStart(10));
    process.stdout.write(`${name.padEnd(9)} ${route.padEnd(44)} ${columns.join(" ")}\n`);
  }
  for (const [kind, values] of Object.entries(ratios)) {
    const sorted = values.toSorted((a, b) => a - b).map((value) => value.toFixed(3));
    process.stdout.write(
      `${name.padEnd(9)} ${kind} / unknown: ${sorted[0]} to ${sorted.at(-1)}, median ${median(values).toFixed(3)}\n`,
    );
  }
  await service.close();
  await store.close();
  await remove();
}

async function measureTokens(): Promise<void> {
  const issuers = ["RS256", "ES256", "EdDSA"] as const;
  const signedBy = await Promise.all(
    issuers.map(async (algorithm) => {
      const issuer = await anIssuer(algorithm);
      const authenticate = createJwtAuthenticator({
        publicKey: issuer.publicKeyPem,
        algorithms: [algorithm],
        ...claimOptions,
      });
      return { algorithm, authenticate, token: await issuer.sign() };
    }),
  );
  const authenticate = createJwtAuthenticator({ secret: SECRET, algorithms: ["HS256"], ...claimOptions });
  for (const one of [...signedBy, { algorithm: "HS256", authenticate, token: await signWithSecret() }]) {
    const request = new Request("http://localhost/", { headers: bearer(one.token) });
    for (let round = 0; round < WARM_UP; round += 1) await one.authenticate(request);
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round += 1) await one.authenticate(request);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${one.algorithm}: ${((user + system) / ROUNDS).toFixed(0)} us of CPU a token\n`);
  }
}

const names = process.argv.slice(2);
await measureTokens();
process.stdout.write(`${" ".repeat(54)} ${KINDS.map((kind) => kind.padStart(10)).join(" ")}\n`);
for (const name of names.length > 0 ? names : ["memory", "sqlite", "redis", "postgres"]) await measureStore(name);

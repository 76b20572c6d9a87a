import { expect } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncRouteLimits } from "../../src/server/http/route-limits.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { eventually } from "../support/eventually.js";
import { readEvents, startSyncServer } from "../support/sync-server.js";
import { operations } from "./contract.js";
import type { ResponseCheck } from "./response-check.js";

const EVIL = "https://evil.example";
const PHASES = [
  { name: "fetch", label: "Fetch", weight: 3 },
  { name: "index", label: "Index", weight: 1 },
];

interface Call {
  readonly user?: string;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
  readonly signal?: AbortSignal;
}

/** Starts a server and gives every response and event of it to the check. */
async function startChecked(
  check: ResponseCheck,
  { limits = {}, hasMail = true, isRecovering = false }: ServerOptions = {},
) {
  const store = { ...createMemoryStore({ maxFailures: 2 }), isRecovering: async () => isRecovering };
  const service = createSyncService({ store, throttleMs: 1, ...(hasMail ? { notices: { email: {} } } : {}) });
  const runs: { readonly run: SyncRun; finish(): void; crash(error: unknown): void }[] = [];
  const { call: fetchFrom, app } = await startSyncServer({
    service,
    limits,
    heartbeatMs: 50,
    authenticate: (request) => {
      const user = request.headers.get("x-user") ?? "";
      if (user === "broken") throw new Error("The session store is away.");
      return user === "" ? null : { tenantId: "acme", userId: user, displayName: "Ada Lovelace" };
    },
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        description: "Mails",
        icon: "https://example.com/gmail.svg",
        phases: PHASES,
        sync(run) {
          const work = Promise.withResolvers<void>();
          run.signal.addEventListener("abort", () => work.reject(run.signal.reason));
          runs.push({ run, finish: work.resolve, crash: work.reject });
          return work.promise;
        },
      },
    ],
  });

  async function fetchChecked(method: string, path: string, { user = "ada", ...init }: Call = {}) {
    const headers = { "x-user": user, ...init.headers };
    // `fetch` waits for the end of a body that it streams.
    const isStreamed = init.body instanceof ReadableStream;
    const streamed = { method, ...init, headers, duplex: "half" };
    const response = isStreamed
      ? await app.request(`/api${path}`, streamed)
      : await fetchFrom(path, { method, ...init, headers });
    return { response, body: await check.check(method, path, response) };
  }

  return {
    store,
    service,
    /** Makes a request. Returns the status. */
    call: async (method: string, path: string, init?: Call) => (await fetchChecked(method, path, init)).response.status,
    read: async (path: string) => (await fetchChecked("GET", path)).body,
    /** Opens a stream and checks its events until it ends or is left. */
    async follow(path: string) {
      const leave = new AbortController();
      const { response } = await fetchChecked("GET", path, { signal: leave.signal });
      const names: string[] = [];
      const ended = readEvents(response, (event) => {
        names.push(event.event ?? "");
        check.checkEvent(path, event);
      }).catch(() => {});
      return {
        ended,
        leave: () => leave.abort(),
        has: (name: string) => eventually(() => expect(names).toContain(name)),
      };
    },
    /** Starts a sync; its job is in the test's hands. */
    async start() {
      const before = runs.length;
      const { body } = await fetchChecked("POST", "/integrations/gmail/sync");
      const work = await eventually(() => {
        const latest = runs.at(-1);
        if (latest === undefined || runs.length === before) throw new Error("The job has not started.");
        return latest;
      });
      const syncId = typeof body === "object" && body !== null && "sync_id" in body ? String(body.sync_id) : "";
      return { path: `/sync-progress/${syncId}`, ...work };
    },
    ended: () => eventually(() => expect(service.stats().activeSyncs).toBe(0)),
  };
}

interface ServerOptions {
  readonly limits?: SyncRouteLimits;
  readonly hasMail?: boolean;
  /** The store says that it has just lost its data. */
  readonly isRecovering?: boolean;
}

/** Makes requests to running routes until every response and event that they can give was given. */
export async function walkRoutes(check: ResponseCheck): Promise<void> {
  await walkRefusals(check);
  await walkLimits(check);
  await walkSyncs(check);
}

/** What is refused whatever syncs there are. */
async function walkRefusals(check: ResponseCheck): Promise<void> {
  const { call } = await startChecked(check);
  for (const { method, path } of operations) {
    const unknown = path.replace("{type}", "none").replace("{syncId}", "00000000-0000-4000-8000-000000000000");
    expect(await call(method, unknown, { user: "" })).toBe(401);
    expect(await call(method, unknown, { user: "broken" })).toBe(500);
    if (method !== "GET") expect(await call(method, unknown, { headers: { origin: EVIL } })).toBe(403);
    const body = method === "PUT" ? { body: '{"email":true}' } : {};
    if (unknown !== path) expect(await call(method, unknown, body)).toBe(404);
  }
  expect(await call("POST", "/integrations/gmail/sync", { body: "{" })).toBe(400);
  expect(await call("POST", "/sync-progress/x/retry", { body: '{"only":"some"}' })).toBe(400);
  expect(await call("PUT", "/sync-progress/x/notify", { body: "{}" })).toBe(400);
  expect(await call("GET", "/sync-progress?result=none")).toBe(400);
  expect(await call("GET", "/sync-progress?cursor=none")).toBe(400);
  expect(await call("GET", "/sync-progress/x/failures?limit=0")).toBe(400);
  expect(await call("GET", "/sync-progress/x/log?format=xml")).toBe(400);
}

async function walkLimits(check: ResponseCheck): Promise<void> {
  const bodies = [
    ["POST", "/integrations/gmail/sync"],
    ["POST", "/sync-progress/x/retry"],
    ["PUT", "/sync-progress/x/notify"],
  ] as const;
  const impatient = await startChecked(check, { limits: { bodyTimeoutMs: 50, bodyBytes: 20 } });
  for (const [method, path] of bodies) {
    const tooLong = { body: `{"only":"${"x".repeat(20)}"}` };
    expect(await impatient.call(method, path, tooLong)).toBe(413);
    expect(await impatient.call(method, path, { body: new ReadableStream<Uint8Array>() })).toBe(408);
  }
  const strict = await startChecked(check, { limits: { startsPerMinute: 1, streamsPerUser: 1 } });
  const { path } = await strict.start();
  expect(await strict.call("POST", "/integrations/gmail/sync")).toBe(429);
  expect(await strict.call("POST", `${path}/retry`)).toBe(429);
  const only = await strict.follow(`${path}/stream`);
  await only.has("current_state");
  expect(await strict.call("GET", `${path}/stream`)).toBe(429);
  expect(await strict.call("GET", "/sync-progress/stream")).toBe(429);
  only.leave();
}

/** Syncs in every status, with all that can be done to them. */
async function walkSyncs(check: ResponseCheck): Promise<void> {
  const server = await startChecked(check);
  const { call, read, start, follow } = server;
  const feed = await follow("/sync-progress/stream");
  await feed.has("ready");

  const first = await start();
  const stream = await follow(`${first.path}/stream`);
  await stream.has("current_state");
  first.run.update({ status: "syncing", stage: "Fetching...", phase: "fetch", totalItems: 10 });
  await stream.has("started");
  await stream.has("heartbeat");
  first.run.advance({ item: "Welcome" });
  first.run.log("One mail.");
  for (const item of ["a", "b", "c"]) first.run.fail({ item, reason: "too large" });
  await stream.has("progress");
  expect(await call("POST", "/integrations/gmail/sync")).toBe(409);
  expect(await call("POST", `${first.path}/retry`)).toBe(409);
  expect(await call("POST", `${first.path}/resume`)).toBe(409);
  expect(await call("POST", `${first.path}/pause`)).toBe(200);
  expect(await call("POST", `${first.path}/pause`)).toBe(409);
  expect(await call("POST", `${first.path}/resume`)).toBe(200);
  expect(await call("PUT", `${first.path}/notify`, { body: '{"email":true}' })).toBe(200);
  await read(first.path);
  await read("/integrations");
  first.finish();
  await stream.has("complete");
  await stream.ended;
  for (const format of ["csv", "ndjson"]) {
    await read(`${first.path}/failures?format=${format}`);
    await read(`${first.path}/log?format=${format}`);
  }
  await read(`${first.path}/failures?limit=1&q=a`);
  expect(await call("POST", `${first.path}/cancel`)).toBe(409);
  expect(await call("PUT", `${first.path}/notify`, { body: '{"email":true}' })).toBe(409);

  expect(await call("POST", `${first.path}/retry`, { body: '{"only":"failed"}' })).toBe(202);
  await cancelRunning(server);
  const second = await start();
  const cancelled = await follow(`${second.path}/stream`);
  await cancelled.has("current_state");
  expect(await call("POST", `${second.path}/cancel`)).toBe(200);
  await cancelled.has("cancelled");
  await server.ended();

  const third = await start();
  const failing = await follow(`${third.path}/stream`);
  await failing.has("current_state");
  third.crash(new Error("internal words"));
  await failing.has("error");
  await read("/integrations");
  await read("/sync-progress?limit=2&result=failed,cancelled");
  for (const name of ["started", "progress", "complete", "error", "cancelled", "heartbeat"]) await feed.has(name);
  const late = await follow("/sync-progress/stream");
  await late.has("current_state");
  await server.store.deleteEndedBefore(Date.now() + 1, 10);
  await feed.has("removed");
  feed.leave();
  late.leave();

  const closed = await startChecked(check);
  const last = await closed.start();
  await closed.service.close();
  for (const path of ["/sync-progress/stream", `${last.path}/stream`]) expect(await closed.call("GET", path)).toBe(503);
  for (const path of ["/integrations/gmail/sync", `${last.path}/retry`])
    expect(await closed.call("POST", path)).toBe(503);

  const recovering = await startChecked(check, { isRecovering: true });
  for (const [method, way] of [
    ["GET", ""],
    ["GET", "/stream"],
    ["GET", "/failures"],
    ["GET", "/log"],
    ["POST", "/cancel"],
    ["POST", "/pause"],
    ["POST", "/resume"],
    ["POST", "/retry"],
  ] as const) {
    expect(await recovering.call(method, `/sync-progress/missing${way}`)).toBe(503);
  }
  expect(await recovering.call("GET", "/sync-progress?active=true")).toBe(503);
  expect(await recovering.call("PUT", "/sync-progress/missing/notify", { body: '{"email":true}' })).toBe(503);

  const withoutMail = await startChecked(check, { hasMail: false });
  const { path } = await withoutMail.start();
  expect(await withoutMail.call("PUT", `${path}/notify`, { body: '{"email":true}' })).toBe(409);
}

async function cancelRunning({ call, read, ended }: Awaited<ReturnType<typeof startChecked>>): Promise<void> {
  const body = await read("/sync-progress?active=true");
  const { syncs } = body as { readonly syncs: readonly { readonly sync_id: string }[] };
  for (const { sync_id: syncId } of syncs) expect(await call("POST", `/sync-progress/${syncId}/cancel`)).toBe(200);
  await ended();
}

import type { ServerResponse } from "node:http";
import { describe, it } from "vitest";
import type { Target } from "../../src/cli/target.js";
import { examine, problemsOf, textOf } from "./examine.js";
import { FaultyBackend, type Plan } from "./faulty-backend.js";

interface PlantedFault {
  readonly title: string;
  readonly plan: Partial<Plan>;
  readonly target?: Partial<Target>;
  /** The check that finds it, with its level. */
  readonly found: string;
  /** Part of what it says. */
  readonly says: RegExp;
}

const PAGES = "https://app.example.com";
const nothing = () => "";

const FAULTS: readonly PlantedFault[] = [
  // Headers and responses
  {
    title: "a stream of another type",
    plan: { streamHeaders: { "content-type": "text/plain" } },
    found: "content-type: fault",
    says: /text\/plain/,
  },
  {
    title: "a stream in Latin-1",
    plan: { streamHeaders: { "content-type": "text/event-stream; charset=latin1" } },
    found: "content-type: fault",
    says: /latin1/,
  },
  {
    title: "CORS for everybody, with cookies",
    plan: { corsHeaders: () => ({ "access-control-allow-origin": "*" }) },
    target: { pageOrigin: PAGES },
    found: "cors: fault",
    says: /which browsers refuse/,
  },
  {
    title: "a preflight that needs a sign-in",
    plan: { preflightStatus: 401 },
    target: { pageOrigin: PAGES },
    found: "preflight: fault",
    says: /without cookies/,
  },
  {
    title: "a stream that caches may keep",
    plan: { streamHeaders: { "cache-control": "public, max-age=60" } },
    found: "caching: fault",
    says: /somebody else's stream/,
  },
  {
    title: "snapshots that caches may keep",
    plan: { snapshotHeaders: { "cache-control": "max-age=30" } },
    found: "caching: fault",
    says: /an old state/,
  },
  { title: "a snapshot endpoint that fails", plan: { snapshotStatus: 500 }, found: "snapshot: fault", says: /500/ },
  { title: "a stream that is refused", plan: { streamStatus: 503 }, found: "stream: fault", says: /503/ },
  {
    title: "a start that is redirected",
    plan: { toStart: () => ({ status: 302, body: {}, headers: { location: "/api/integrations" } }) },
    found: "start: fault",
    says: /makes a GET of the POST/,
  },
  {
    title: "a start without an id",
    plan: { toStart: () => ({ status: 200, body: { ok: true } }) },
    found: "start: fault",
    says: /no `sync_id`/,
  },
  {
    title: "a start that is refused as cross-site",
    plan: { toStart: () => ({ status: 403, body: { error: "another origin" } }) },
    found: "start: fault",
    says: /proxy_set_header Host/,
  },
  {
    title: "an id that does not exist and has a snapshot",
    plan: { unknownSnapshot: 200 },
    found: "unknown-sync: fault",
    says: /snapshot of an id/,
  },
  {
    title: "an id that does not exist and streams keep-alives for ever",
    plan: { unknownStream: 200 },
    found: "unknown-sync: fault",
    says: /brought no state/,
  },

  // How events arrive
  {
    title: "events that are held back to the end",
    plan: { holds: "all", stepMs: 250 },
    found: "buffering: fault",
    says: /proxy_buffering off/,
  },
  {
    title: "events that arrive in groups",
    plan: {
      holds: "groups of 4",
      stepMs: 150,
      items: 16,
      heartbeat: () => 'event: heartbeat\ndata: {"interval_ms":1000}\n\n',
    },
    found: "buffering: warning",
    says: /by jerks/,
  },
  {
    title: "events that are held back by a compressor",
    plan: { holds: "in gzip", stepMs: 250 },
    found: "compression: fault",
    says: /gzip/,
  },
  {
    title: "no state at the beginning",
    plan: { sendsStateAtOnce: false, stepMs: 1_300, items: 2 },
    found: "first-event: fault",
    says: /current_state/,
  },
  {
    title: "a stream that does not follow the sync",
    plan: {
      stepMs: 250,
      toFrame: ({ name, id, data, index }) =>
        index === 0 || name === "complete" ? `id: ${id}\nevent: ${name}\ndata: ${data}\n\n` : "",
    },
    found: "staleness: fault",
    says: /process/,
  },
  {
    title: "a stream that blocks the server",
    plan: { servesBesideStreams: false, stepMs: 500 },
    found: "blocking: fault",
    says: /gthread/,
  },

  // Heartbeats, and the life of a stream
  {
    title: "no heartbeats",
    plan: { heartbeat: nothing, quietMs: 2_200 },
    found: "heartbeats: fault",
    says: /no heartbeat/,
  },
  {
    title: "heartbeats as comments",
    plan: { heartbeat: () => ": ping\n\n" },
    found: "heartbeats: warning",
    says: /no page ever sees/,
  },
  {
    title: "heartbeats that come too rarely",
    plan: {
      heartbeat: (beat) => (beat === 0 ? 'event: heartbeat\ndata: {"interval_ms":150}\n\n' : ""),
      quietMs: 2_200,
    },
    found: "heartbeats: fault",
    says: /takes the stream for dead/,
  },
  {
    title: "a proxy that ends what is silent",
    plan: { heartbeat: nothing, quietMs: 3_000, idleTimeoutMs: 600 },
    found: "interruption: fault",
    says: /proxy_read_timeout/,
  },
  {
    title: "an end that is not sent",
    plan: {
      toFrame: ({ name, id, data }) => (name === "complete" ? "" : `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`),
    },
    found: "end: fault",
    says: /did not say so/,
  },
  {
    title: "a stream that stays open after the end",
    plan: { closesAtEnd: false },
    found: "end: warning",
    says: /stays open/,
  },
  {
    title: "a sign-in that expires",
    plan: { stepMs: 150, sessionMs: 700 },
    found: "session: warning",
    says: /expired/,
  },
  {
    title: "Last-Event-ID that is refused",
    plan: { onResume: "error" },
    found: "resume: fault",
    says: /Last-Event-ID/,
  },
  {
    title: "Last-Event-ID that leads to nothing",
    plan: { onResume: "nothing" },
    found: "resume: fault",
    says: /brought no state/,
  },
  {
    title: "Last-Event-ID that leads to an old state",
    plan: { onResume: "old state" },
    found: "resume: fault",
    says: /older state/,
  },

  // Events
  {
    title: "events of another name",
    plan: {
      toFrame: ({ name, id, data }) =>
        `id: ${id}\nevent: ${name === "progress" ? "sync_update" : name}\ndata: ${data}\n\n`,
    },
    found: "event-names: fault",
    says: /sync_update/,
  },
  {
    title: "ids that go back",
    plan: { toFrame: ({ name, id, data }) => `id: ${100 - Number(id)}\nevent: ${name}\ndata: ${data}\n\n` },
    found: "event-ids: fault",
    says: /Ids go back/,
  },
  {
    title: "one id for all events",
    plan: { toFrame: ({ name, data }) => `id: 1\nevent: ${name}\ndata: ${data}\n\n` },
    found: "event-ids: fault",
    says: /same id/,
  },
  { title: "a retry of a day", plan: { retry: "retry: 86400000\n\n" }, found: "retry: fault", says: /86400/ },
  { title: "a retry that browsers ignore", plan: { retry: "retry: 1e3\n\n" }, found: "retry: warning", says: /1e3/ },

  // Snapshots
  {
    title: "an event that is not JSON",
    plan: {
      toFrame: ({ name, id, data, index }) =>
        `id: ${id}\nevent: ${name}\ndata: ${index === 2 ? data.slice(0, 40) : data}\n\n`,
    },
    found: "fields: fault",
    says: /not JSON/,
  },
  {
    title: "camelCase",
    plan: {
      toWire: ({ sync_id, total_items, processed_items, ...state }) => ({
        ...state,
        syncId: sync_id,
        totalItems: total_items,
        processedItems: processed_items,
      }),
    },
    found: "fields: fault",
    says: /camelCase/,
  },
  {
    title: "the stream of another sync",
    plan: { toWire: (state) => ({ ...state, ...(state.processed_items === 3 && { sync_id: "other" }) }) },
    found: "fields: fault",
    says: /another sync/,
  },
  {
    title: "no counts",
    plan: { toWire: ({ total_items, processed_items, ...state }) => state },
    found: "fields: warning",
    says: /bar has no length/,
  },
  {
    title: "the tenant in every snapshot",
    plan: { toWire: (state) => ({ ...state, tenant_id: "acme" }) },
    found: "private-fields: warning",
    says: /tenant_id/,
  },
  {
    title: "100 % before the end",
    plan: { toWire: (state) => ({ ...state, percent_complete: 100 }) },
    found: "percent: fault",
    says: /before the sync is complete/,
  },
  {
    title: "a percentage above 100",
    plan: { toWire: (state) => ({ ...state, percent_complete: 130 }) },
    found: "percent: fault",
    says: /0 to 100/,
  },
  {
    title: "a percentage as a fraction",
    plan: { toWire: (state) => ({ ...state, percent_complete: state.processed_items / 8 }) },
    found: "percent: fault",
    says: /fraction/,
  },
  {
    title: "more items done than there are",
    plan: { toWire: (state) => ({ ...state, total_items: 3 }) },
    found: "counts: fault",
    says: /than there are/,
  },
  {
    title: "counts as texts",
    plan: { toWire: (state) => ({ ...state, total_items: "8" }) },
    found: "counts: fault",
    says: /whole number/,
  },
  {
    title: "counts that go back",
    plan: {
      toWire: (state) => ({
        ...state,
        processed_items: state.processed_items === 4 ? 1 : state.processed_items,
        percent_complete: null,
      }),
    },
    found: "order: fault",
    says: /counts go back/,
  },
  {
    title: "seq that goes back",
    plan: { toWire: (state) => ({ ...state, seq: state.processed_items > 3 ? state.seq - 4 : state.seq }) },
    found: "order: fault",
    says: /seq goes back/,
  },

  // Lists, and others
  { title: "a list that fails", plan: { list: "broken", feed: "absent" }, found: "list: fault", says: /500/ },
  {
    title: "a list without the sync",
    plan: { list: "empty", stepMs: 150 },
    found: "list: fault",
    says: /start it a second time/,
  },
  {
    title: "a feed without the sync",
    plan: { feed: "empty", stepMs: 150 },
    found: "feed: fault",
    says: /does not bring/,
  },
  {
    title: "a feed that is never ready",
    plan: { feed: "never ready", stepMs: 150 },
    found: "feed: fault",
    says: /no `ready`/,
  },
  { title: "a feed that fails", plan: { feed: "broken", stepMs: 150 }, found: "feed: fault", says: /does not open/ },
  {
    title: "a snapshot that other tenants can read",
    plan: { isReadableBy: (user, route) => user === "ada" || (user === "grace" && route === "snapshot") },
    found: "second-identity: fault",
    says: /snapshot endpoint/,
  },
  {
    title: "a stream that other tenants can read",
    plan: { isReadableBy: (user, route) => user === "ada" || (user === "grace" && route === "stream") },
    found: "second-identity: fault",
    says: /stream brings it/,
  },
  {
    title: "a list that other tenants are in",
    plan: { stepMs: 150, isReadableBy: (user, route) => user === "ada" || (user === "grace" && route === "list") },
    found: "second-identity: fault",
    says: /list has it/,
  },
  {
    title: "a second identity that is the first",
    plan: {},
    target: { secondIdentity: { cookie: "user=ada", headers: {} } },
    found: "second-identity: warning",
    says: /same person/,
  },
  {
    title: "a sync that everybody can read",
    plan: { isReadableBy: (user) => user !== "grace" },
    found: "nobody: fault",
    says: /not signed in/,
  },

  // On the way
  {
    title: "a redirect to a sign-in page",
    plan: { instead: signInPage },
    found: "sign-in: fault",
    says: /401 and JSON/,
  },
  {
    title: "an app in place of the API",
    plan: { instead: (_, response) => page(response) },
    found: "address: fault",
    says: /no sync API/,
  },
  {
    title: "a cookie that is not accepted",
    plan: {},
    target: { identity: { cookie: "user=nobody", headers: {} } },
    found: "sign-in: fault",
    says: /not accept/,
  },
];

function page(response: ServerResponse): true {
  response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>App</title>");
  return true;
}

function signInPage({ url }: { url?: string | undefined }, response: ServerResponse): true {
  if (url === "/login") return page(response);
  response.writeHead(302, { location: "/login" }).end();
  return true;
}

describe.concurrent("the doctor finds, and says nothing else of,", () => {
  it.for(FAULTS)("$title", async ({ plan, target, found, says }, { expect, onTestFinished }) => {
    const backend = new FaultyBackend(plan);
    onTestFinished(() => backend.close());
    const report = await examine(await backend.listen(), target);
    const serious = problemsOf(report).filter((problem) => !problem.endsWith("hint"));
    expect(serious, serious.map((problem) => textOf(report, problem.split(":")[0] ?? "")).join("\n")).toEqual([found]);
    expect(textOf(report, found.split(":")[0] ?? "")).toMatch(says);
  });

  it("nothing if there is nothing", async ({ expect, onTestFinished }) => {
    const backend = new FaultyBackend();
    onTestFinished(() => backend.close());
    const report = await examine(await backend.listen());
    expect(problemsOf(report)).toEqual([]);
    expect(report.counts.ok).toBeGreaterThan(30);
  });

  it("nothing for pages of another origin that may read", async ({ expect, onTestFinished }) => {
    const backend = new FaultyBackend();
    onTestFinished(() => backend.close());
    expect(problemsOf(await examine(await backend.listen(), { pageOrigin: PAGES }))).toEqual([]);
  });
});

import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SyncAllRun } from "../../src/client/sync-all-run.js";
import { SyncClient } from "../../src/client/sync-client.js";
import { SyncRequestError } from "../../src/client/sync-request.js";
import type { StreamSink } from "../../src/client/sync-transport.js";
import { accept } from "../../src/protocol/decoding.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

/** A run on a backend whose syncs are called after their type: "gmail" is sync "gmail-1", then "gmail-2". */
function aRun({ listens = true, lostWith = null }: { listens?: boolean; lostWith?: number | null } = {}) {
  const sinks = new Map<string, StreamSink>();
  const starts: string[] = [];
  const commands: string[] = [];
  const refused = new Map<string, SyncRequestError>();
  const counts = new Map<string, number>();
  const name = (type: string) => {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    return `${type}-${counts.get(type)}`;
  };
  const startSync = vi.fn(async (type: string) => {
    starts.push(type);
    const error = refused.get(type);
    if (error !== undefined) throw error;
    return name(type);
  });
  const client = new SyncClient({
    keepAliveMs: 1,
    transport: {
      openStream(syncId, sink) {
        sinks.set(syncId, sink);
        return () => sinks.delete(syncId);
      },
      ...(lostWith !== null && {
        async getSnapshot() {
          throw new SyncRequestError("No.", { status: lostWith });
        },
      }),
      startSync,
      async retry(syncId) {
        commands.push(`retry ${syncId}`);
        return name(syncId.split("-")[0] ?? "");
      },
      async command(syncId, command) {
        commands.push(`${command} ${syncId}`);
        return null;
      },
    },
  });
  const run = new SyncAllRun(client);
  if (listens) onTestFinished(run.subscribe(() => {}));
  onTestFinished(() => client.close());
  const kinds = () => Object.fromEntries([...run.entries].map(([type, { kind }]) => [type, kind]));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return {
    run,
    client,
    startSync,
    starts,
    commands,
    refused,
    kinds,
    settle,
    /** What the server says of a sync. */
    async send(syncId: string, given: Partial<SyncSnapshot>) {
      const snapshot = aSnapshot({ syncId, connectorType: syncId.split("-")[0] ?? "", ...given });
      sinks.get(syncId)?.onSnapshot({ isUrgent: true, decode: () => accept(snapshot) });
      await settle();
    },
    /** The stream of a sync ends for good. */
    async lose(syncId: string) {
      sinks.get(syncId)?.onClosed();
      await settle();
    },
    async start(types: readonly string[], concurrency = 3) {
      run.start(types, concurrency);
      await settle();
    },
  };
}

describe("the places", () => {
  it("are taken in the given order, and given on as syncs end", async () => {
    const { start, starts, send, kinds } = aRun();
    await start(["notion", "gmail", "slack"], 2);
    expect(starts).toEqual(["notion", "gmail"]);
    expect(kinds()).toEqual({ notion: "started", gmail: "started", slack: "waiting" });
    await send("gmail-1", { status: "complete" });
    expect(starts).toEqual(["notion", "gmail", "slack"]);
  });

  it("are given on by a start that is refused", async () => {
    const { start, starts, refused, kinds } = aRun();
    refused.set("notion", new SyncRequestError("No.", { status: 403 }));
    await start(["notion", "gmail"], 1);
    expect(starts).toEqual(["notion", "gmail"]);
    expect(kinds()).toEqual({ notion: "refused", gmail: "started" });
  });

  it("are given on by a sync that is paused", async () => {
    const { start, starts, send } = aRun();
    await start(["notion", "gmail"], 1);
    await send("notion-1", { status: "paused" });
    expect(starts).toEqual(["notion", "gmail"]);
  });
});

describe("a start", () => {
  it("leaves what is under way as it is, and starts the rest again", async () => {
    const { start, starts, send, kinds } = aRun();
    await start(["gmail", "slack"]);
    await send("slack-1", { status: "complete" });
    await start(["gmail", "slack"]);
    expect(starts).toEqual(["gmail", "slack", "slack"]);
    expect(kinds()).toEqual({ gmail: "started", slack: "started" });
  });

  it("of one that runs already joins it", async () => {
    const { run, start, send, startSync } = aRun();
    startSync.mockResolvedValueOnce("gmail-of-another-tab");
    await start(["gmail"]);
    await send("gmail-of-another-tab", { processedItems: 40 });
    expect(run.entries.get("gmail")).toMatchObject({ syncId: "gmail-of-another-tab", view: { status: "syncing" } });
  });
});

describe("a retry", () => {
  it("of a sync that failed continues it, when there is a place", async () => {
    const { run, start, send, commands, kinds } = aRun();
    await start(["gmail", "slack"], 1);
    await send("gmail-1", { status: "error" });
    run.retry("gmail", 1);
    expect(kinds()).toEqual({ gmail: "waiting", slack: "started" });
    await send("slack-1", { status: "complete" });
    expect(commands).toEqual(["retry gmail-1"]);
    expect(run.entries.get("gmail")).toMatchObject({ kind: "started", syncId: "gmail-2" });
  });

  it("of a start that was refused starts", async () => {
    const { run, start, refused, starts, settle, kinds } = aRun();
    refused.set("gmail", new SyncRequestError("No.", { status: 429 }));
    await start(["gmail"]);
    refused.clear();
    run.retry("gmail", 3);
    await settle();
    expect(starts).toEqual(["gmail", "gmail"]);
    expect(kinds()).toEqual({ gmail: "started" });
  });
});

describe("a cancel", () => {
  it("takes back what waits, and cancels what runs", async () => {
    const { run, start, send, kinds, commands, starts, settle } = aRun();
    await start(["gmail", "slack", "notion"], 2);
    await send("gmail-1", { status: "complete" });
    await start([]);
    await send("notion-1", { processedItems: 1 });
    await run.cancel();
    expect(commands.sort()).toEqual(["cancel notion-1", "cancel slack-1"]);
    await start(["github"], 1);
    expect(kinds().github).toBe("waiting");
    await run.cancel();
    await settle();
    expect(kinds().github).toBe("not-started");
    expect(starts).not.toContain("github");
  });

  it("reaches a sync whose start has no response yet", async () => {
    const { run, startSync, commands, settle } = aRun();
    let respond = (_: string) => {};
    startSync.mockImplementationOnce(() => new Promise((resolve) => (respond = resolve)));
    run.start(["gmail"], 3);
    await run.cancel();
    expect(commands).toEqual([]);
    respond("gmail-1");
    await settle();
    expect(commands).toEqual(["cancel gmail-1"]);
  });
});

describe("a sync that was found", () => {
  it("is followed, and not found again after its end by a list that is older", async () => {
    const { run, send, starts } = aRun();
    run.adopt("gmail", "gmail-0");
    await send("gmail-0", { status: "complete" });
    run.adopt("gmail", "gmail-1");
    expect(run.entries.get("gmail")).toMatchObject({ syncId: "gmail-1" });
    await send("gmail-1", { status: "complete" });
    run.adopt("gmail", "gmail-0");
    expect(run.entries.get("gmail")).toMatchObject({ syncId: "gmail-1" });
    expect(starts).toEqual([]);
  });

  it("does not take the place of one that is under way", async () => {
    const { run, start } = aRun();
    await start(["gmail"]);
    run.adopt("gmail", "gmail-0");
    expect(run.entries.get("gmail")).toMatchObject({ syncId: "gmail-1" });
  });
});

describe("without listeners", () => {
  it("what waits is started even so, and then everything is forgotten", async () => {
    const { run, start, send, starts, client } = aRun({ listens: false });
    await start(["gmail", "slack"], 1);
    expect(starts).toEqual(["gmail"]);
    await send("gmail-1", { status: "complete" });
    expect(starts).toEqual(["gmail", "slack"]);
    expect(run.entries.size).toBe(0);
    await vi.waitFor(() => expect(client.syncs.getAll()).toEqual([]));
  });

  it("nothing is started any more for a person who has signed out", async () => {
    const { run, start, starts, client, settle } = aRun({ listens: false });
    await start(["gmail", "slack"], 1);
    client.close();
    await settle();
    expect(starts).toEqual(["gmail"]);
    expect(run.entries.size).toBe(0);
  });
});

it.each([
  ["has signed out", 401],
  ["is another one", 404],
])("nothing is started any more when the person %s", async (_, lostWith) => {
  const { start, send, lose, starts, kinds } = aRun({ lostWith });
  await start(["gmail", "slack"], 1);
  await send("gmail-1", { processedItems: 1 });
  await lose("gmail-1");
  await vi.waitFor(() => expect(kinds()).toEqual({ gmail: "started", slack: "not-started" }));
  expect(starts).toEqual(["gmail"]);
});

it("a client that is closed while a start has no response starts nothing more", async () => {
  const { run, startSync, starts, client, settle } = aRun();
  run.adopt("notion", "notion-0");
  let respond = (_: string) => {};
  startSync.mockImplementationOnce(() => new Promise((resolve) => (respond = resolve)));
  run.start(["gmail", "slack"], 2);
  client.close();
  respond("gmail-1");
  await settle();
  expect(starts).toEqual([]);
  expect(run.entries.size).toBe(0);
});

it("holds the percentage until nothing is under way", async () => {
  const { run, start, send } = aRun();
  await start(["gmail"]);
  expect(run.hold(80)).toBe(80);
  await start(["slack"]);
  expect(run.hold(40)).toBe(80);
  await send("gmail-1", { status: "error" });
  await send("slack-1", { status: "complete" });
  run.retry("gmail", 3);
  expect(run.hold(10)).toBe(10);
});

import { EventSource } from "eventsource";
import { setupServer } from "msw/node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncView } from "../../src/client/sync-view.js";
import { createMockSyncBackend, type MockSyncBackendOptions } from "../../src/msw/mock-sync-backend.js";
import { type ScenarioName, scenarios } from "../../src/msw/scenarios.js";
import { FeedModel } from "../support/feed-model.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A client of a mocked backend, and every state it saw. */
async function watchMock(options: MockSyncBackendOptions) {
  const baseUrl = "http://mock.test/api";
  const backend = createMockSyncBackend({ speed: 100, ...options, baseUrl });
  const server = setupServer(...backend.handlers);
  server.listen({ onUnhandledFrame: "error" });
  const client = new SyncClient({
    baseUrl,
    createEventSource: (url) => new EventSource(url),
    openTimeoutMs: 200,
    stallTimeoutMs: 300,
    pollIntervalMs: 20,
    retry: { baseMs: 10, maxMs: 50 },
  });
  const syncId = await client.startSync("gmail");
  const views: SyncView[] = [];
  client.subscribe(syncId, () => {
    const view = client.getView(syncId);
    if (view !== undefined) views.push(view);
  });
  cleanups.push(
    () => server.close(),
    () => backend.close(),
    () => client.close(),
  );
  const last = () => client.getView(syncId);
  const settled = () => vi.waitFor(() => expect(last()?.isTerminal).toBe(true), { timeout: 15_000, interval: 10 });
  return { backend, client, syncId, views, last, settled };
}

describe("a mocked backend", () => {
  it.each([
    ["happyPath", { status: "complete", processedItems: 120, failedItems: 0 }],
    ["unknownTotal", { status: "complete", processedItems: 120, totalItems: 120 }],
    ["growingTotal", { status: "complete", processedItems: 120, totalItems: 120 }],
    ["nothingNew", { status: "complete", processedItems: 0, totalItems: 0 }],
    ["partialFailure", { status: "complete", processedItems: 97, failedItems: 3 }],
    ["failsMidway", { status: "error", errorCode: "rate_limited", processedItems: 45 }],
    ["timesOut", { status: "error", errorCode: "timed_out" }],
    ["interrupted", { status: "error", errorCode: "interrupted" }],
    ["blocksStream", { status: "complete", processedItems: 120 }],
    ["burst", { status: "complete", processedItems: 10_000 }],
    ["dropsConnection", { status: "complete", processedItems: 120 }],
    ["malformed", { status: "complete", processedItems: 120 }],
  ] as const)("plays %s to its end", async (scenario, snapshot) => {
    const { last, settled } = await watchMock({ scenario });
    await settled();
    expect(last()?.snapshot).toMatchObject(snapshot);
  });

  it("lets a sync wait in the queue for ever", async () => {
    const { last, client, syncId, settled } = await watchMock({ scenario: "neverStarts" });
    await vi.waitFor(() => expect(last()?.status).toBe("queued"));
    await client.cancel(syncId);
    await settled();
    expect(last()?.status).toBe("cancelled");
  });

  it("stalls, and goes on", async () => {
    const { views, settled } = await watchMock({ scenario: "stalls" });
    await settled();
    expect(views.some((view) => view.isStalled)).toBe(true);
    expect(views.at(-1)?.status).toBe("complete");
  });

  it.each([
    ["unauthorized", "unauthorized"],
    ["notFound", "not-found"],
  ] as const)("refuses to show the sync: %s", async (scenario, kind) => {
    const { last } = await watchMock({ scenario });
    await vi.waitFor(() => expect(last()).toMatchObject({ connection: "closed", error: { kind } }));
  });

  it("cannot be reached", async () => {
    const { last } = await watchMock({ scenario: "unreachable" });
    await vi.waitFor(() => expect(last()).toMatchObject({ status: null, error: { kind: "unreachable" } }));
  });

  it("has a client poll where no stream can be opened", async () => {
    const { views, settled } = await watchMock({ scenario: "blocksStream", speed: 5 });
    await settled();
    expect(views.some((view) => view.connection === "polling")).toBe(true);
    expect(views.some((view) => view.connection === "live")).toBe(false);
  });

  it("plays a scenario of one's own, and breaks the connection where that says so", async () => {
    const { views, settled } = await watchMock({
      scenario: { ...scenarios.happyPath, faults: { dropAfter: { chunks: 3, times: 1 } } },
      speed: 20,
    });
    await settled();
    expect(views.some((view) => view.connection === "reconnecting" || view.connection === "polling")).toBe(true);
  });

  it("is driven by hand", async () => {
    const { backend, last, settled } = await watchMock({ scenario: "manual" });
    const { driver } = backend;
    await vi.waitFor(() => expect(last()?.connection).toBe("live"));
    driver.update({ status: "syncing", totalItems: 4 });
    driver.advance(2);
    driver.fail();
    await vi.waitFor(() => expect(last()?.snapshot).toMatchObject({ processedItems: 2, failedItems: 1 }));
    driver.drop();
    await vi.waitFor(() => expect(last()?.connection).not.toBe("live"));
    driver.advance();
    driver.finish();
    await settled();
    expect(last()?.snapshot).toMatchObject({ status: "complete", processedItems: 3, failedItems: 1 });
  });

  it("drives one of several syncs by hand", async () => {
    const { backend, client, syncId, last, settled } = await watchMock({ scenario: "manual" });
    const other = await client.startSync("slack");
    client.subscribe(other, () => {});
    const { driver } = backend;
    driver.update({ status: "syncing", totalItems: 2 });
    driver.select(syncId);
    driver.update({ status: "syncing", totalItems: 4 });
    driver.advance(3);
    driver.finish();
    await settled();
    expect(last()?.snapshot).toMatchObject({ status: "complete", processedItems: 3, totalItems: 4 });
    await vi.waitFor(() => expect(client.getView(other)?.snapshot).toMatchObject({ status: "syncing", totalItems: 2 }));
    driver.select(other);
    driver.crash("Slack is not there.");
    await vi.waitFor(() => expect(client.getView(other)?.error?.message).toBe("Slack is not there."));
  });

  it("takes the server away and brings it back, by hand", async () => {
    const { backend, last, settled } = await watchMock({ scenario: "manual" });
    const { driver } = backend;
    await vi.waitFor(() => expect(last()?.connection).toBe("live"));
    driver.setFaults({ status: 503 });
    await vi.waitFor(() => expect(last()?.connection).toBe("reconnecting"));
    driver.finish();
    driver.setFaults({});
    await settled();
    expect(last()?.status).toBe("complete");
  });

  it("retries only what failed", async () => {
    const { backend, client, syncId, settled } = await watchMock({ scenario: "partialFailure" });
    await settled();
    const again = await client.retry(syncId, { only: "failed" });
    client.subscribe(again, () => {});
    await vi.waitFor(
      () => expect(client.getView(again)?.snapshot).toMatchObject({ status: "complete", processedItems: 3 }),
      5_000,
    );
    expect(backend.service.stats().activeSyncs).toBe(0);
  });

  it("plays the same course for the same seed", async () => {
    const courseOf = async (seed: number) => {
      const run = {
        update: vi.fn(),
        advance: vi.fn(),
        fail: vi.fn(),
        log: vi.fn(),
        checkpoint: async () => {},
        syncId: "x",
        resumedFrom: null,
        signal: new AbortController().signal,
      };
      const waits: number[] = [];
      const { createSeededRandom } = await import("../../src/msw/seeded-random.js");
      await scenarios.partialFailure.play(run, {
        wait: async (ms) => void waits.push(ms),
        random: createSeededRandom(seed),
        integrationType: "gmail",
        itemName: String,
        only: null,
      });
      return { waits, failed: run.fail.mock.calls };
    };
    expect(await courseOf(7)).toEqual(await courseOf(7));
    expect((await courseOf(7)).waits).not.toEqual((await courseOf(8)).waits);
  });

  it.each([0, -1, Number.NaN])("refuses a speed of %s", (speed) => {
    expect(() => createMockSyncBackend({ speed })).toThrow("speed must be a positive number");
  });

  it("says what each scenario shows", () => {
    for (const name of Object.keys(scenarios) as ScenarioName[]) expect(scenarios[name].description).toMatch(/\.$/);
  });
});

it("has a feed of all syncs, which the network of the scenario spoils like every stream", async () => {
  const baseUrl = "http://mock.test/api";
  const backend = createMockSyncBackend({ scenario: "manual", baseUrl });
  const server = setupServer(...backend.handlers);
  server.listen({ onUnhandledFrame: "error" });
  cleanups.push(
    () => server.close(),
    () => backend.close(),
  );
  const client = new SyncClient({ baseUrl });
  const [gmail, slack] = [await backend.startSync("gmail"), await backend.startSync("slack")];
  const { hasFeed, viewer, syncs } = await client.listSyncs();
  expect([hasFeed, syncs.map(({ startedBy }) => startedBy)]).toEqual([true, ["Ada Lovelace", "Ada Lovelace"]]);
  const model = new FeedModel();
  const response = await fetch(`${baseUrl}/sync-progress/stream`);
  const isRead = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => model.feed(text) }));
  await vi.waitFor(() => expect(model.ready).toEqual([{ isReset: true, omitted: 0, viewer }]));
  expect([...model.syncs.keys()].sort()).toEqual([gmail, slack].sort());
  backend.driver.update({ stage: "Reading..." });
  await vi.waitFor(() => expect(model.syncs.get(slack)).toMatchObject({ stage: "Reading..." }));
  backend.driver.setFaults({ status: 503 });
  await isRead;
  expect((await fetch(`${baseUrl}/sync-progress/stream`)).status).toBe(503);
});

it("offers a mail if it is told to, and has the log of a sync", async () => {
  const baseUrl = "http://mock.test/api";
  const backend = createMockSyncBackend({ scenario: "happyPath", speed: 20, offersEmail: true, baseUrl });
  const server = setupServer(...backend.handlers);
  server.listen({ onUnhandledFrame: "error" });
  cleanups.push(
    () => server.close(),
    () => backend.close(),
  );
  const client = new SyncClient({ baseUrl });
  const syncId = await backend.startSync("gmail");
  await client.setNotify(syncId, { email: true });
  expect((await client.listSyncs()).syncs).toMatchObject([{ notifyEmail: true }]);
  const complete = async () => (await client.listSyncs({ result: ["complete"] })).syncs;
  await vi.waitFor(async () => expect(await complete()).toHaveLength(1), { timeout: 15_000 });
  const { text, isCut, fileName } = await client.download(syncId, "log", "csv");
  expect(text).toContain('"embedding","Building the index..."');
  expect([isCut, fileName]).toEqual([false, expect.stringMatching(/^gmail-log-[\d-]+\.csv$/)]);
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DevtoolsLog } from "../../src/devtools/devtools-log.js";
import { aClient } from "../client/a-client.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aLog() {
  const backend = aClient();
  const log = new DevtoolsLog();
  const detach = log.attach(backend.client);
  const published = () => {
    vi.advanceTimersByTime(100);
    return log.getState();
  };
  return { ...backend, log, detach, published };
}

const titles = ({ entries }: ReturnType<DevtoolsLog["getState"]>) =>
  entries.map(({ kind, title }) => `${kind} ${title}`);

describe("the log of the devtools", () => {
  it("keeps what came, what was decided and what became of a sync, in order", () => {
    const { client, last, published } = aLog();
    client.subscribe("sync-1", () => {});
    last().emit("open");
    last().send({ seq: 1 });
    last().send({ seq: 2, status: "complete" });
    expect(titles(published())).toEqual([
      "change watched from now on",
      "decision started: connecting",
      "message progress",
      "decision stream-live: live",
      "message complete",
      "decision terminal: closed",
      "change ended: complete",
    ]);
    client.close();
  });

  it("counts how many messages of a sync came, and how often its view was replaced for them", () => {
    const { client, last, published } = aLog();
    const listener = vi.fn();
    client.subscribe("sync-1", listener);
    last().send({ syncId: "sync-1", seq: 1 });
    for (let seq = 2; seq <= 50; seq += 1) last().send({ syncId: "sync-1", seq, processedItems: seq });
    last().emit("heartbeat", { data: "{}" });
    const [sync] = published().syncs;
    expect(sync).toMatchObject({ messages: 50, isWatched: true, view: { syncId: "sync-1" } });
    expect(sync?.updates).toBe(listener.mock.calls.length);
    client.close();
  });

  it("shows the syncs that were there before it, and those that nobody watches any more", () => {
    const { client, sources } = aClient({ keepAliveMs: 50 });
    const leave = client.subscribe("sync-1", () => {});
    sources[0]?.send({ seq: 1 });
    const log = new DevtoolsLog();
    log.attach(client);
    vi.advanceTimersByTime(100);
    expect(log.getState().syncs).toMatchObject([{ isWatched: true, view: { syncId: "sync-1" } }]);
    leave();
    vi.advanceTimersByTime(200);
    expect(log.getState().syncs).toMatchObject([{ isWatched: false }]);
    client.close();
  });

  it("keeps the latest 500 entries, and says how many it has dropped", () => {
    const { client, last, published } = aLog();
    client.subscribe("sync-1", () => {});
    for (let beat = 0; beat < 3_000; beat += 1) last().emit("heartbeat", { data: "{}" });
    const { entries, dropped } = published();
    expect(entries).toHaveLength(500);
    expect(dropped + entries.length).toBeGreaterThanOrEqual(3_000);
    expect(entries.at(-1)?.id).toBe(dropped + 500);
    client.close();
  });

  it("publishes at most ten times a second, however much happens", () => {
    const { client, last, log } = aLog();
    const listener = vi.fn();
    log.subscribe(listener);
    client.subscribe("sync-1", () => {});
    for (let beat = 0; beat < 1_000; beat += 1) {
      last().emit("heartbeat", { data: "{}" });
      vi.advanceTimersByTime(1);
    }
    expect(listener.mock.calls.length).toBeLessThanOrEqual(10);
    client.close();
  });

  it("keeps nothing while it does not record, and follows nothing after it was detached", () => {
    const { client, last, log, detach, published } = aLog();
    log.setRecording(false);
    client.subscribe("sync-1", () => {});
    expect(published()).toMatchObject({ isRecording: false, entries: [], syncs: [{ isWatched: true }] });
    log.setRecording(true);
    detach();
    last().emit("heartbeat", { data: "{}" });
    expect(published().entries).toEqual([]);
    client.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

import assert from "node:assert/strict";
import type { SyncShape } from "../backend.js";
import type { ConformanceCheck } from "../check.js";
import { type EventReader, pause } from "../event-reader.js";
import { brokenRules } from "../snapshot-rules.js";
import { isEnd, until } from "../visitor.js";

const ENDS: readonly (readonly [shape: SyncShape, status: string])[] = [
  ["complete", "complete"],
  ["partlyFailed", "complete"],
  ["failed", "error"],
];

/** How many readers come at once. */
const READERS = 30;

/** What is expected of the stream of one sync. */
export const streamChecks: readonly ConformanceCheck[] = [
  {
    title: "sends the state first, at once, as current_state",
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const before = performance.now();
      const reader = await ada.stream(syncId);
      await reader.waitFor(() => true, "A first event", 3_000);
      assert.equal(reader.response.status, 200);
      const [first] = reader.events;
      assert.equal(first?.name, "current_state");
      assert.ok(first.at - before < 3_000, "the first event must come within 3 s");
      assert.deepEqual(brokenRules([first.data]), []);
      assert.equal(member(first.data, "sync_id"), syncId);
    },
  },
  {
    title: "has the headers of a stream that no proxy may hold back",
    level: "recommended",
    async run({ ada }) {
      const { response } = await ada.stream(await ada.start("endless"));
      assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream\b/);
      assert.match(response.headers.get("cache-control") ?? "", /no-cache/);
      assert.match(response.headers.get("cache-control") ?? "", /no-transform/);
      assert.equal(response.headers.get("x-accel-buffering"), "no");
      assert.equal(response.headers.get("content-encoding"), null);
    },
  },
  {
    title: "advises once when to reconnect",
    level: "recommended",
    async run({ ada }) {
      const reader = await ada.stream(await ada.start("endless"));
      await reader.waitFor(({ name }) => name === "progress", "progress");
      assert.equal(reader.retries.length, 1);
      assert.ok((reader.retries[0] ?? 0) >= 500 && (reader.retries[0] ?? 0) <= 10_000, `retry: ${reader.retries}`);
    },
  },
  {
    title: "sends each event when it happens, not several together",
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const reader = await ada.stream(syncId);
      const events = await until(() => {
        assert.ok(reader.snapshots.length >= 6, `only ${reader.snapshots.length} snapshots have come`);
        return reader.snapshots;
      });
      const spanMs = (events.at(5)?.at ?? 0) - (events.at(0)?.at ?? 0);
      assert.ok(spanMs > 100, `six snapshots came within ${Math.round(spanMs)} ms`);
      // What the stream has brought by now is the present.
      const present = await ada.snapshot(syncId);
      await reader.waitFor(
        ({ data }) => Number(member(data, "processed_items")) >= Number(present["processed_items"]),
        `What the snapshot endpoint has responded (${present["processed_items"]} items)`,
        1_500,
      );
    },
  },
  ...ENDS.map(
    ([shape, status]): ConformanceCheck => ({
      title: `brings a sync that is ${shape} by the rules to its end, and ends then`,
      level: "required",
      async run({ ada }) {
        const reader = await ada.stream(await ada.start(shape));
        await reader.waitForEnd(20_000);
        const snapshots = reader.snapshots.map(({ data }) => data);
        assert.deepEqual(brokenRules(snapshots), []);
        const last = reader.snapshots.at(-1);
        assert.equal(member(last?.data, "status"), status);
        if (reader.snapshots.length > 1) assert.equal(last?.name, status);
        assert.equal(Number(member(last?.data, "failed_items")) > 0, shape === "partlyFailed");
      },
    }),
  ),
  {
    title: "sends a reader who comes after the end the last state, and ends",
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("complete");
      const snapshot = await ada.settled(syncId);
      const reader = await ada.stream(syncId);
      await reader.waitForEnd(3_000);
      assert.deepEqual(
        reader.events.map(({ name, data }) => [name, data]),
        [["current_state", snapshot]],
      );
    },
  },
  {
    title: `brings the end to every one of ${READERS} readers, whenever they come`,
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("complete");
      const readers: Promise<EventReader>[] = [];
      while (readers.length < READERS) {
        readers.push(ada.stream(syncId));
        await pause(40);
      }
      for (const reader of await Promise.all(readers)) {
        await reader.waitForEnd(20_000);
        const last = reader.snapshots.at(-1);
        assert.equal(member(last?.data, "status"), "complete");
        assert.equal(reader.snapshots[0]?.name, "current_state");
        assert.deepEqual(brokenRules(reader.snapshots.map(({ data }) => data)), []);
      }
    },
  },
  {
    title: "begins with the whole state for a reader who comes back, not older than what they had",
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const first = await ada.stream(syncId);
      const last = await first.waitFor(({ name }) => name === "progress", "progress");
      first.leave();
      const again = await ada.stream(syncId, last.id === null ? {} : { "last-event-id": last.id });
      const state = await again.waitFor(() => true, "A first event", 3_000);
      assert.equal(state.name, "current_state");
      assert.deepEqual(brokenRules([state.data]), []);
      assert.ok(Number(member(state.data, "processed_items")) >= Number(member(last.data, "processed_items")));
    },
  },
  {
    title: "numbers its events by seq, and the endpoint of the snapshot agrees",
    level: "recommended",
    needs: ["seq"],
    async run({ ada }) {
      const syncId = await ada.start("complete");
      const reader = await ada.stream(syncId);
      await reader.waitForEnd(20_000);
      for (const { id, data } of reader.snapshots) assert.equal(id, String(member(data, "seq")));
      const { seq } = await ada.settled(syncId);
      assert.equal(seq, member(reader.snapshots.at(-1)?.data, "seq"));
    },
  },
  {
    title: "sends heartbeats as often as they say",
    level: "recommended",
    needs: ["heartbeat"],
    async run({ ada }) {
      const reader = await ada.stream(await ada.start("endless"));
      const first = await reader.waitFor(({ name }) => name === "heartbeat", "A heartbeat", 20_000);
      const intervalMs = Number(member(first.data, "interval_ms"));
      assert.ok(intervalMs > 0 && intervalMs <= 600_000, `interval_ms: ${intervalMs}`);
      const beats = () => reader.events.filter(({ name }) => name === "heartbeat");
      await until(() => assert.ok(beats().length >= 4, "a fourth heartbeat must come"), intervalMs * 4 + 10_000);
      const [, second, third, fourth] = beats().map(({ at }) => at);
      // The client takes a stream for dead after two and a half.
      for (const gap of [(third ?? 0) - (second ?? 0), (fourth ?? 0) - (third ?? 0)]) {
        assert.ok(gap < intervalMs * 2.5 + 500, `${Math.round(gap)} ms between heartbeats of ${intervalMs}`);
      }
    },
  },
  {
    title: "closes what belongs to readers who have left",
    level: "required",
    needs: ["connections"],
    async run({ ada }) {
      const countConnections = ada.backend.countConnections ?? (() => 0);
      const syncId = await ada.start("endless");
      const readers = await Promise.all(Array.from({ length: READERS }, () => ada.stream(syncId)));
      for (const reader of readers) await reader.waitFor(() => true, "A first event");
      const before = countConnections();
      assert.ok(before >= READERS, `${before} connections are open with ${READERS} readers`);
      for (const reader of readers) reader.leave();
      await until(() => {
        assert.ok(
          countConnections() <= before - READERS,
          `${countConnections()} of ${before} connections are still open`,
        );
      }, 20_000);
      assert.equal(isEnd((await ada.snapshot(syncId)).status), false, "the sync must go on without readers");
    },
  },
];

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : null;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSnapshot, decodeSnapshotEvent, decodeSnapshotResponse } from "../../src/protocol/decode-snapshot.js";
import { MAX_TEXT_LENGTH } from "../../src/protocol/decoding.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

const wire = (given: Record<string, unknown> = {}) => ({ sync_id: "sync-1", status: "syncing", ...given });

function decoded(value: unknown): SyncSnapshot {
  const result = decodeSnapshot(value);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

describe("decoding a snapshot", () => {
  it("reads back what the encoder writes", () => {
    const snapshot = aSnapshot({
      phase: "syncing",
      processedItems: 45,
      failedItems: 3,
      currentItem: "a.md",
      percentComplete: 45.5,
      phases: [{ name: "syncing", label: "Fetch", weight: 2 }],
      capabilities: ["cancel", "failures"],
      notifyEmail: false,
      startedBy: "Ada Lovelace",
      seq: 7,
      startedAt: 1_000,
      updatedAt: 2_000,
      completedAt: 3_000,
    });
    expect(decoded(JSON.parse(JSON.stringify(encodeSnapshot(snapshot))))).toEqual(snapshot);
  });

  it("reads the dialect of older backends: no seq, no percent, no phase, times without a zone", () => {
    const snapshot = decoded(wire({ status: "syncing", updated_at: "2026-01-02T03:04:05.123456" }));
    expect(snapshot).toMatchObject({ seq: null, percentComplete: null, phase: null, totalItems: null });
    expect(snapshot).toMatchObject({ phases: [], capabilities: null });
    expect(snapshot.updatedAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 123));
  });

  it.each([
    [
      ["pause", "fly", 7, "cancel", "pause"],
      ["cancel", "pause"],
    ],
    [[], []],
    ["cancel", null],
    [{ 0: "cancel" }, null],
  ])("reads the capabilities %j as %j", (capabilities, expected) => {
    expect(decoded(wire({ capabilities })).capabilities).toEqual(expected);
  });

  it("writes neither phases nor capabilities, notices or a name if there are none", () => {
    const text = JSON.stringify(encodeSnapshot(aSnapshot({ capabilities: null })));
    expect(text).not.toMatch(/phases|capabilities|notify|started_by/);
  });

  it("reads a notify_email that is neither true nor false as none, and a name as foreign text", () => {
    const snapshot = decoded(wire({ notify_email: "yes", started_by: `Ada\u0000${"x".repeat(200)}` }));
    expect(snapshot.notifyEmail).toBeNull();
    expect(snapshot.startedBy).toMatch(/^Ada x+…$/);
    expect(snapshot.startedBy).toHaveLength(100);
  });

  it.each([
    ["completed", "complete"],
    ["failed", "error"],
    ["canceled", "cancelled"],
    ["embedding", "embedding"],
    ["constructor", "running"],
  ])("reads the status %s as %s", (word, status) => {
    expect(decoded(wire({ status: word })).status).toBe(status);
  });

  it("takes an unknown status for running and shows the stage, or the word where there is none", () => {
    expect(decoded(wire({ status: "defragmenting", stage: "Moving..." }))).toMatchObject({
      status: "running",
      stage: "Moving...",
    });
    expect(decoded(wire({ status: "defragmenting" })).stage).toBe("defragmenting");
    expect(decoded(wire({ status: "syncing" })).stage).toBe("");
  });

  it.each([-1, Number.NaN, "12", null, {}, Number.POSITIVE_INFINITY])("takes a total of %s for unknown", (total) => {
    expect(decoded(wire({ total_items: total })).totalItems).toBeNull();
  });

  it.each([-1, Number.NaN, "12", null, undefined])("takes a processed count of %s for 0", (count) => {
    expect(decoded(wire({ processed_items: count })).processedItems).toBe(0);
  });

  it("holds a huge count to what a number can count", () => {
    expect(decoded(wire({ processed_items: 1e300 })).processedItems).toBe(Number.MAX_SAFE_INTEGER);
    expect(decoded(wire({ processed_items: 2.9 })).processedItems).toBe(2);
  });

  it.each([
    [45.5, 45.5],
    [250, 100],
    [-1, null],
    ["45", null],
    [Number.NaN, null],
  ])("reads a percentage of %s as %s", (percent, expected) => {
    expect(decoded(wire({ percent_complete: percent })).percentComplete).toBe(expected);
  });

  it("bounds the length of texts and takes out control characters", () => {
    const snapshot = decoded(wire({ stage: "x".repeat(1_000_000), current_item: "a\u0000b\r\nc\u0085d" }));
    expect(snapshot.stage).toHaveLength(500);
    expect(snapshot.stage.endsWith("…")).toBe(true);
    expect(snapshot.currentItem).toBe("a b c d");
  });

  it("cuts no character in half", () => {
    expect(decoded(wire({ stage: `${"x".repeat(498)}😀yy` })).stage).toBe(`${"x".repeat(498)}…`);
  });

  it.each([
    ["not a time", null],
    ["2026-01-02T03:04:05Z", Date.UTC(2026, 0, 2, 3, 4, 5)],
    ["2026-01-02T03:04:05+01:00", Date.UTC(2026, 0, 2, 2, 4, 5)],
    [1_767_323_045_000, 1_767_323_045_000],
    [{}, null],
  ])("reads the time %s", (time, expected) => {
    expect(decoded(wire({ started_at: time })).startedAt).toBe(expected);
  });

  it.each([
    [null, "not-an-object"],
    [[], "not-an-object"],
    ["text", "not-an-object"],
    [{ status: "syncing" }, "missing-field"],
    [{ sync_id: 7, status: "syncing" }, "missing-field"],
    [{ sync_id: "a" }, "missing-field"],
    [{ sync_id: "a", status: 7 }, "missing-field"],
  ])("names the problem of %j", (value, kind) => {
    const result = decodeSnapshot(value);
    expect(result).toMatchObject({ ok: false, problem: { kind } });
  });

  it("never throws, and what it takes is within bounds", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.dictionary(
        fc.constantFrom(
          "sync_id",
          "status",
          "stage",
          "total_items",
          "processed_items",
          "percent_complete",
          "seq",
          "started_at",
        ),
        fc.anything(),
      ),
      fc.record({
        sync_id: fc.string({ minLength: 1 }),
        status: fc.string(),
        stage: fc.string(),
        total_items: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const result = decodeSnapshot(value);
        if (!result.ok) return;
        expect(result.value.processedItems).toBeGreaterThanOrEqual(0);
        expect(result.value.totalItems ?? 0).toBeGreaterThanOrEqual(0);
        expect(result.value.stage.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe("decoding an event", () => {
  it.each([
    ["{", "not-json"],
    ["", "not-json"],
    [undefined, "wrong-type"],
    [`"${"x".repeat(MAX_TEXT_LENGTH)}"`, "too-large"],
  ])("refuses %.20s", (data, kind) => {
    expect(decodeSnapshotEvent(data)).toMatchObject({ ok: false, problem: { kind } });
  });

  it("says what it could not read, without repeating all of it", () => {
    const result = decodeSnapshotEvent(`<html>${"x".repeat(1_000)}`);
    expect(result.ok ? "" : result.problem.message).toMatch(/^not valid JSON: "<html>x+"$/);
    expect(result.ok ? 0 : result.problem.message.length).toBeLessThan(120);
  });
});

describe("decoding the response of the snapshot endpoint", () => {
  it("reads it wrapped or bare", () => {
    for (const body of [{ success: true, progress: wire() }, wire()]) {
      expect(decodeSnapshotResponse(JSON.stringify(body))).toMatchObject({ ok: true, value: { syncId: "sync-1" } });
    }
  });

  it("refuses a page of HTML", () => {
    expect(decodeSnapshotResponse("<!doctype html>")).toMatchObject({ ok: false, problem: { kind: "not-json" } });
  });
});

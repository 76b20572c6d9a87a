import { describe, expect, it } from "vitest";
import { decodeHeartbeat, encodeHeartbeat } from "../../src/protocol/events.js";

describe("a heartbeat", () => {
  it("says when the next follows", () => {
    expect(decodeHeartbeat(encodeHeartbeat(5_000))).toEqual({ intervalMs: 5_000, isStale: false });
  });

  it("says whether the server can read the current state", () => {
    expect(decodeHeartbeat(encodeHeartbeat(5_000, true))).toEqual({ intervalMs: 5_000, isStale: true });
    expect(decodeHeartbeat('{"stale":"true"}').isStale).toBe(false);
  });

  it.each([
    "{}",
    "",
    "null",
    "5000",
    "{",
    '{"interval_ms":"5000"}',
    '{"interval_ms":0}',
    '{"interval_ms":-1}',
    '{"interval_ms":600001}',
    '{"interval_ms":null}',
    undefined,
    5_000,
  ])("of an older backend says nothing of it: %j", (data) => {
    expect(decodeHeartbeat(data)).toEqual({ intervalMs: null, isStale: false });
  });
});

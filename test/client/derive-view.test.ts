import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/client/connection-policy.js";
import { deriveView } from "../../src/client/derive-view.js";
import type { SyncTransport } from "../../src/client/sync-transport.js";
import { receive, trackSync } from "../../src/client/tracked-sync.js";
import { initialWatch } from "../../src/client/watch-state.js";
import type { SyncCapability } from "../../src/protocol/capabilities.js";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

function viewOf(given: Partial<SyncSnapshot>, transport: SyncTransport = {}) {
  const sync = receive(trackSync("sync-1"), aSnapshot(given), 1_000, { stallTimeoutMs: 30_000, phases: [] });
  return deriveView({ ...initialWatch("sync-1", DEFAULT_POLICY), sync }, transport, null);
}

const unused = () => Promise.reject(new Error("not requested here"));

const ALL: readonly SyncCapability[] = ["cancel", "pause", "retry", "retry_failed", "failures", "log", "notify"];

describe("the capabilities of a sync", () => {
  it.each<[string, SyncTransport, readonly SyncCapability[]]>([
    ["nothing", {}, []],
    ["commands", { command: unused }, ["cancel", "pause"]],
    ["starts", { startSync: unused }, ["retry"]],
    ["retries", { retry: unused }, ["retry", "retry_failed"]],
    ["failed items", { getFailures: unused }, ["failures"]],
    ["downloads", { download: unused }, ["log"]],
    ["notices", { setNotify: unused }, ["notify"]],
  ])("are what the backend offers and a transport that requests %s can request", (_, transport, expected) => {
    expect(viewOf({ capabilities: ALL }, transport).capabilities).toEqual(expected);
  });

  it("are none before the first snapshot", () => {
    const state = initialWatch("sync-1", DEFAULT_POLICY);
    expect(deriveView(state, { startSync: unused, capabilities: ["retry"] }, null).capabilities).toEqual([]);
  });

  it("are a new start of the same type if an older backend sends none", () => {
    const transport = { startSync: unused };
    expect(viewOf({ capabilities: null }, transport).capabilities).toEqual(["retry"]);
    expect(viewOf({ capabilities: null, connectorType: "" }, transport).capabilities).toEqual([]);
    expect(viewOf({ capabilities: null }, {}).capabilities).toEqual([]);
    expect(viewOf({ capabilities: [] }, transport).capabilities).toEqual([]);
  });

  it("are those of the transport if snapshots have none, each once", () => {
    const transport: SyncTransport = { startSync: unused, command: unused, capabilities: ["retry", "cancel"] };
    expect(viewOf({ capabilities: null }, transport).capabilities).toEqual(["retry", "cancel"]);
    expect(viewOf({ capabilities: ["cancel"] }, transport).capabilities).toEqual(["cancel"]);
  });
});

it("has an empty message for an error that the server does not explain", () => {
  expect(viewOf({ status: "error", errorCode: "odd" }).error).toEqual({
    kind: "sync-failed",
    message: "",
    code: "odd",
  });
});

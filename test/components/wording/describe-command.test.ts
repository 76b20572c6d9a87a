import { describe, expect, it } from "vitest";
import { SyncRequestError, type SyncRequestErrorDetails } from "../../../src/client/sync-request.js";
import type { SyncCommandName } from "../../../src/client/sync-view.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { describeFailedCommand, describePendingCommand } from "../../../src/components/wording/describe-command.js";
import type { SyncStatus } from "../../../src/protocol/status.js";
import { aProgressState } from "../../support/a-progress-state.js";

describe("a command that is pending", () => {
  const pending = (name: SyncCommandName, status: SyncStatus) =>
    describePendingCommand(aProgressState({ status, command: { name, status: "pending", error: null } }), labelsEn);

  it.each<[SyncCommandName, SyncStatus, string | null]>([
    ["pause", "syncing", "Pausing..."],
    ["pause", "queued", "Pausing..."],
    ["pause", "paused", null],
    ["pause", "complete", null],
    ["resume", "paused", "Resuming..."],
    ["resume", "syncing", null],
    ["resume", "queued", null],
    ["cancel", "syncing", "Cancelling..."],
    ["cancel", "paused", "Cancelling..."],
    ["cancel", "cancelled", null],
    ["cancel", "complete", null],
    ["retry", "error", "Starting again..."],
    ["retry_failed", "complete", "Starting again..."],
  ])("%s of a sync that is %s: %s", (name, status, words) => {
    expect(pending(name, status)).toBe(words);
  });

  it("says nothing when there is none, or it has failed", () => {
    const error = new SyncRequestError("No.");
    expect(describePendingCommand(aProgressState(), labelsEn)).toBeNull();
    expect(
      describePendingCommand(aProgressState({ command: { name: "pause", status: "failed", error } }), labelsEn),
    ).toBeNull();
  });
});

describe("a command that has failed", () => {
  const failed = (details: SyncRequestErrorDetails) => {
    const error = new SyncRequestError("POST /api/x failed.", details);
    return describeFailedCommand(aProgressState({ command: { name: "pause", status: "failed", error } }), labelsEn);
  };

  it.each<[string, SyncRequestErrorDetails, string]>([
    ["no response", {}, "The server is not responding, so nothing was changed."],
    ["signed out", { status: 401 }, "You are not allowed to do that."],
    ["not allowed", { status: 403, safeMessage: "Nope" }, "You are not allowed to do that."],
    ["overtaken", { status: 409 }, "That is not possible at the moment."],
    ["a fault of the server", { status: 500 }, "That did not work. Please try again."],
    ["not offered", { kind: "unsupported" }, "That did not work. Please try again."],
  ])("says why, never in the words of a program: %s", (_, details, words) => {
    expect(failed(details)).toBe(words);
  });

  it("says nothing while it is pending", () => {
    const command = { name: "pause", status: "pending", error: null } as const;
    expect(describeFailedCommand(aProgressState({ command }), labelsEn)).toBeNull();
  });
});

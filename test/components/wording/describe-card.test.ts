import { describe, expect, it } from "vitest";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";
import { type CardText, describeCard } from "../../../src/components/wording/describe-card.js";
import type { Integration } from "../../../src/protocol/integration.js";
import { RETRY_STAGE } from "../../../src/protocol/retry-stage.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";

const NOW = 10_000_000;
const noSync = { syncId: null, status: null, stage: "" } as const;

function described(
  integration: Partial<Integration>,
  state: Partial<SyncProgressState> = noSync,
  { isStarting = false, isListOlder = false, startError = null as string | null } = {},
): CardText {
  const whole: Integration = {
    type: "gmail",
    name: "Gmail",
    description: "",
    icon: null,
    status: "connected",
    lastSyncAt: NOW - 5 * 60_000,
    totalItemsSynced: 1_204,
    errorMessage: null,
    activeSyncId: null,
    ...integration,
  };
  return describeCard(
    { integration: whole, state: aProgressState(state), isStarting, startError, isListOlder },
    labelsEn,
    createFormatter("en"),
    NOW,
  );
}

const lastSynced = "Last synced 5 minutes ago, 1,204 items";
const failed = (message: string) => ({ kind: "sync-failed" as const, message, code: null });

const completeJustNow = { status: "complete", processedItems: 100, completedAt: NOW } as const;

describe("what a card tells and offers", () => {
  it.each<[string, CardText, Partial<CardText>]>([
    [
      "not connected",
      described({ status: "not_connected" }),
      { status: "not_connected", detail: "", main: { label: "Connect", action: "connect" } },
    ],
    [
      "connecting",
      described({ status: "connecting" }),
      { status: "connecting", main: { label: "Connecting...", action: null } },
    ],
    [
      "connected",
      described({}),
      { status: "connected", detail: lastSynced, main: { label: "Sync now", action: "start" } },
    ],
    ["never synced", described({ lastSyncAt: null }), { detail: "Not synced yet" }],
    [
      "expired",
      described({ status: "needs_reauth" }),
      { status: "needs_reauth", detail: lastSynced, main: { label: "Reconnect", action: "reauthorize" } },
    ],
    [
      "failed, as the list says",
      described({ status: "error", errorMessage: "The disk is full." }),
      { status: "error", detail: "The disk is full.", main: { label: "Try again", action: "start" } },
    ],
    [
      "failed just now",
      described({ status: "syncing" }, { status: "error", error: failed("Gmail refuses.") }),
      { status: "error", detail: "Gmail refuses." },
    ],
    ["failed without a word", described({ status: "error" }), { detail: "The server gave no reason." }],
    [
      "being started",
      described({}, noSync, { isStarting: true }),
      { status: "syncing", detail: "Connecting...", main: { label: "Show progress", action: "show" } },
    ],
    [
      "refused by the server when it was to start",
      described({}, noSync, { startError: "Too busy." }),
      { status: "error", detail: "Too busy.", main: { label: "Try again", action: "start" } },
    ],
    [
      "queued",
      described({}, { status: "queued", stage: "" }),
      { status: "syncing", detail: "Waiting for its turn..." },
    ],
    [
      "queued after a failure",
      described({}, { status: "queued", stage: RETRY_STAGE }),
      { status: "syncing", detail: "Trying again..." },
    ],
    [
      "syncing, with the server's sentence",
      described({}, { stage: "Fetching emails..." }),
      { status: "syncing", detail: "Fetching emails...", main: { label: "Show progress", action: "show" } },
    ],
    [
      "paused",
      described({}, { status: "paused" }),
      { status: "paused", detail: "Paused at 45 of 100.", main: { label: "Show progress", action: "show" } },
    ],
    [
      "signed out while it syncs",
      described({}, { error: { kind: "unauthorized", message: "", code: null } }),
      { status: "syncing", detail: "You have been signed out" },
    ],
    [
      "a server that does not answer while it syncs",
      described({}, { error: { kind: "unreachable", message: "", code: null } }),
      { status: "syncing", detail: "Progress cannot be shown right now" },
    ],
    [
      "complete, while the list still says that it runs",
      described({ status: "syncing", lastSyncAt: null, totalItemsSynced: 0 }, completeJustNow),
      { status: "connected", detail: "Last synced just now, 100 items" },
    ],
    [
      "complete, while the list still tells of the sync before",
      described({ totalItemsSynced: 40 }, completeJustNow, { isListOlder: true }),
      { status: "connected", detail: "Last synced just now, 100 items" },
    ],
    [
      "complete, and the list was loaded since",
      described({ totalItemsSynced: 40 }, completeJustNow),
      { status: "connected", detail: "Last synced 5 minutes ago, 40 items" },
    ],
    [
      "failed, while the list still tells of the sync before",
      described({ status: "connected" }, { status: "error", error: failed("Gmail refuses.") }, { isListOlder: true }),
      { status: "error", detail: "Gmail refuses.", main: { label: "Try again", action: "start" } },
    ],
    [
      "failed, and found well by the list since",
      described({ status: "connected" }, { status: "error", error: failed("Gmail refuses.") }),
      { status: "connected", detail: lastSynced },
    ],
    [
      "expired, whatever the last sync came to",
      described({ status: "needs_reauth" }, completeJustNow, { isListOlder: true }),
      { status: "needs_reauth", main: { label: "Reconnect", action: "reauthorize" } },
    ],
    ["syncing by a list that knows no sync", described({ status: "syncing" }), { status: "connected" }],
    [
      "a sync that nobody knows any more",
      described({}, { status: null, error: { kind: "not-found", message: "", code: null } }),
      { status: "connected" },
    ],
  ])("%s", (_, card, expected) => {
    expect(card).toMatchObject(expected);
  });
});

import { describe, expect, it } from "vitest";
import { labelsAr } from "../../../src/components/labels/ar.js";
import { labelsDe } from "../../../src/components/labels/de.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";
import { labelsJa } from "../../../src/components/labels/ja.js";
import type { SyncLabels } from "../../../src/components/labels/sync-labels.js";
import { describeProgress, type ProgressText } from "../../../src/components/wording/describe-progress.js";
import { RETRY_STAGE } from "../../../src/protocol/retry-stage.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";

const NOW = 1_000_000;

interface Given extends Partial<SyncProgressState> {
  readonly startError?: string;
}

function described({ startError, ...state }: Given, labels: SyncLabels = labelsEn, locale = "en"): ProgressText {
  const input = { state: aProgressState(state), name: "Gmail", startError: startError ?? null };
  return describeProgress(input, labels, createFormatter(locale), NOW);
}

const failed = (code: string | null, message: string) => ({ kind: "sync-failed" as const, code, message });

describe("what a person reads and can do", () => {
  it.each<[string, Given, Partial<ProgressText>]>([
    [
      "opening, nothing known yet",
      { status: null, percent: null },
      { kind: "opening", headline: "Syncing Gmail", body: "Connecting...", actions: ["background"] },
    ],
    [
      "a start that failed",
      { status: null, syncId: null, startError: "Too busy." },
      { kind: "failed", headline: "Gmail could not be synced", body: "Too busy.", actions: ["retry", "close"] },
    ],
    [
      "queued",
      { status: "queued", stage: "" },
      {
        kind: "queued",
        headline: "Gmail is waiting",
        body: "Waiting for its turn...",
        actions: ["background", "cancel"],
      },
    ],
    [
      "queued after a failure",
      { status: "queued", stage: RETRY_STAGE },
      { kind: "queued", headline: "Gmail is waiting", body: "Trying again...", actions: ["background", "cancel"] },
    ],
    [
      "running, with the server's sentence",
      { stage: "Fetching emails..." },
      {
        kind: "running",
        headline: "Syncing Gmail",
        body: "Fetching emails...",
        notice: null,
        actions: ["background", "pause", "cancel"],
      },
    ],
    ["running, on a backend that can only cancel", { capabilities: ["cancel"] }, { actions: ["background", "cancel"] }],
    ["paused, on a backend that offers nothing", { status: "paused", capabilities: [] }, { actions: ["close"] }],
    ["failed, on a backend that cannot retry", { status: "error", capabilities: [] }, { actions: ["close"] }],
    [
      "complete with failures, on a backend that retries everything only",
      { status: "complete", failedItems: 3, capabilities: ["retry"] },
      { actions: ["sync-again", "done"] },
    ],
    [
      "a start that failed, whatever is offered",
      { status: null, syncId: null, startError: "Too busy.", capabilities: [] },
      { actions: ["retry", "close"] },
    ],
    ["syncing without a sentence", { stage: "" }, { body: "Fetching items..." }],
    ["parsing without a sentence", { status: "parsing", stage: "" }, { body: "Reading items..." }],
    ["embedding without a sentence", { status: "embedding", stage: "" }, { body: "Indexing..." }],
    [
      "paused",
      { status: "paused" },
      {
        kind: "paused",
        headline: "Gmail is paused",
        body: "Paused at 45 of 100.",
        actions: ["resume", "cancel", "close"],
      },
    ],
    ["paused with an unknown total", { status: "paused", totalItems: null }, { body: "Paused after 45 items." }],
    [
      "stalled",
      { isStalled: true, lastUpdateAt: NOW - 40_000 },
      {
        headline: "Syncing Gmail",
        notice: { kind: "stalled", text: "Still working. Last update 40 seconds ago.", action: null },
      },
    ],
    [
      "reconnecting",
      { connection: "reconnecting", disconnectedAt: NOW - 3_000 },
      {
        headline: "Syncing Gmail",
        notice: {
          kind: "reconnecting",
          text: "Connection lost. Reconnecting... The sync continues.",
          action: "reconnect",
        },
        actions: ["background", "pause", "cancel"],
      },
    ],
    [
      "offline",
      { connection: "reconnecting", isOffline: true },
      {
        notice: {
          kind: "offline",
          text: "You are offline. The sync continues; this view will catch up when you are back online.",
          action: null,
        },
        actions: ["background"],
      },
    ],
    [
      "paused and offline",
      { status: "paused", connection: "reconnecting", isOffline: true },
      {
        notice: {
          kind: "offline",
          text: "You are offline. This view will catch up when you are back online.",
          action: null,
        },
        actions: ["close"],
      },
    ],
    [
      "paused and reconnecting",
      { status: "paused", connection: "reconnecting", disconnectedAt: NOW - 3_000 },
      { notice: { kind: "reconnecting", text: "Connection lost. Reconnecting...", action: "reconnect" } },
    ],
    [
      "reconnecting for less than three seconds",
      { connection: "reconnecting", disconnectedAt: NOW - 2_999 },
      { notice: null },
    ],
    [
      "without a stream, while the server responds to requests",
      { connection: "reconnecting", disconnectedAt: null },
      { notice: null },
    ],
    ["polling", { connection: "polling" }, { notice: null, headline: "Syncing Gmail" }],
    [
      "complete",
      { status: "complete" },
      {
        kind: "complete",
        headline: "Gmail is up to date",
        body: "100 items synced in 2 min 5 s.",
        actions: ["done"],
      },
    ],
    ["complete with one item", { status: "complete", processedItems: 1, durationMs: 500 }, { body: "1 item synced." }],
    [
      "complete, nothing new",
      { status: "complete", processedItems: 0, totalItems: 0 },
      { body: "Nothing new to sync." },
    ],
    [
      "complete, some failed",
      { status: "complete", processedItems: 97, failedItems: 3 },
      {
        kind: "partial",
        headline: "Gmail synced with 3 problems",
        body: "97 of 100 items synced.",
        actions: ["retry-failed", "done"],
      },
    ],
    [
      "failed",
      { status: "error", processedItems: 97, error: failed(null, "Gmail refuses more requests today.") },
      {
        kind: "failed",
        headline: "Gmail could not be synced",
        body: "Gmail refuses more requests today.",
        hint: "97 items were kept.",
        nextStep: { text: "You can try again now.", action: "retry" },
        actions: ["retry", "close"],
      },
    ],
    [
      "timed out",
      { status: "error", error: failed("timed_out", "No progress for 2 minutes, so the sync was stopped.") },
      { headline: "Gmail took too long", body: "No progress for 2 minutes, so the sync was stopped." },
    ],
    [
      "interrupted",
      { status: "error", error: failed("interrupted", "") },
      { headline: "Gmail was interrupted", body: "The server restarted while syncing." },
    ],
    [
      "cancelled",
      { status: "cancelled", processedItems: 45 },
      {
        kind: "cancelled",
        headline: "Gmail sync cancelled",
        body: "45 of 100 items were kept.",
        actions: ["sync-again", "close"],
      },
    ],
    [
      "signed out",
      { error: { kind: "unauthorized", message: "", code: null } },
      {
        kind: "unauthorized",
        headline: "You have been signed out",
        body: "Sign in again to see the progress. The sync continues.",
        actions: ["sign-in", "close"],
      },
    ],
    [
      "not found",
      { status: null, error: { kind: "not-found", message: "", code: null } },
      {
        kind: "not-found",
        headline: "This sync no longer exists",
        body: "It may have expired, or it belongs to another account.",
        actions: ["close"],
      },
    ],
    [
      "unreachable at the start",
      {
        status: null,
        retryAt: NOW + 8_000,
        connection: "connecting",
        error: { kind: "unreachable", message: "", code: null },
      },
      {
        kind: "unreachable",
        headline: "Progress cannot be shown right now",
        body: "The server is not responding. Trying again in 8 s.",
        actions: ["reconnect", "close"],
      },
    ],
    [
      "unreachable, trying",
      { status: null, retryAt: null, error: { kind: "invalid-response", message: "", code: null } },
      { body: "The server is not responding. Trying again..." },
    ],
    ["an integration whose end came while offline", { status: "complete", isOffline: true }, { notice: null }],
  ])("%s", (_, given, expected) => {
    expect(described(given)).toMatchObject(expected);
  });

  it("28 is told in German, Arabic and Japanese, with their numbers and plurals", () => {
    const given = { status: "complete" as const, processedItems: 12_345, failedItems: 2, totalItems: 12_347 };
    expect(described(given, labelsDe, "de")).toMatchObject({
      headline: "Gmail mit 2 Problemen synchronisiert",
      body: "12.345 von 12.347 Elementen synchronisiert.",
    });
    expect(described(given, labelsAr, "ar-EG").headline).toBe("تمت مزامنة Gmail مع مشكلتين");
    expect(described(given, labelsAr, "ar-EG").body).toContain("١٢٬٣٤٥");
    expect(described(given, labelsJa, "ja").body).toBe("12,347件中12,345件を同期しました。");
  });
});

describe("the formats of a locale", () => {
  it("fall back to English where the locale is none", () => {
    expect(createFormatter("no such locale").number(1_204)).toBe("1,204");
    expect(createFormatter("").locale).toBe("en");
  });

  it("round percentages down: 100 means all", () => {
    expect(createFormatter("en").percent(99.99)).toBe("99%");
  });

  it.each([
    [800, "1 s"],
    [59_400, "59 s"],
    [60_000, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [5_400_000, "1 h 30 min"],
  ])("write %s ms as %s", (ms, words) => {
    expect(createFormatter("en").duration(ms)).toBe(words);
  });

  it.each([
    [0, "now"],
    [40_000, "40 seconds ago"],
    [300_000, "5 minutes ago"],
    [7_200_000, "2 hours ago"],
    [86_400_000, "1 day ago"],
  ])("write an age of %s ms as %s", (age, words) => {
    expect(createFormatter("en").timeAgo(NOW - age, NOW)).toBe(words);
  });
});

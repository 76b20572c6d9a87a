import { describe, expect, it } from "vitest";
import type { SyncView } from "../../../src/client/sync-view.js";
import { labelsAr } from "../../../src/components/labels/ar.js";
import { labelsDe } from "../../../src/components/labels/de.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter } from "../../../src/components/labels/formatter.js";
import { labelsJa } from "../../../src/components/labels/ja.js";
import { describeSyncs } from "../../../src/components/wording/describe-syncs.js";
import { aSyncView, mixedViews, runningViews } from "../../support/several-views.js";

const NOW = 1_000_000;
const described = (views: readonly SyncView[]) => describeSyncs(views, labelsEn, createFormatter("en"), NOW);
const complete = aSyncView("complete", { status: "complete" });
const cancelled = aSyncView("cancelled", { status: "cancelled" });
const paused = aSyncView("paused", { status: "paused" });
const failed = aSyncView("failed", { status: "error" });
const partial = aSyncView("partial", { status: "complete", failedItems: 3 });
const running = aSyncView("running");

describe("several syncs in a line", () => {
  it.each<[string, readonly SyncView[], string, string]>([
    ["one that runs", [running], "running", "1 running"],
    ["ends that are well are no news while something runs", [running, complete, cancelled], "running", "1 running"],
    ["a failure comes first", [running, paused, failed], "failed", "1 running, 1 paused, 1 failed"],
    ["failed items come next", [running, partial], "partial", "1 running, 1 with problems"],
    ["paused ones only", [paused, complete], "paused", "1 paused"],
    ["all have ended well", [complete, complete, cancelled], "complete", "3 finished"],
    ["all were cancelled", [cancelled], "cancelled", "1 finished"],
    ["ended, one badly", [complete, failed], "failed", "1 failed, 1 finished"],
  ])("%s", (_, views, kind, counts) => {
    expect(described(views)).toMatchObject({ kind, counts });
  });

  it("is short in a small place: what failed, and what runs", () => {
    expect(described(mixedViews())).toMatchObject({
      counts: "2 running, 1 paused, 1 failed, 1 with problems",
      mainCounts: "2 running, 1 failed",
    });
  });

  it("has the progress of all while one runs or is paused", () => {
    expect(described([running, complete])).toMatchObject({ percent: 72.5, isMoving: true, isPaused: false });
    expect(described([paused])).toMatchObject({ percent: 45, isMoving: true, isPaused: true });
    expect(described([complete, failed])).toMatchObject({ percent: null, isMoving: false });
    expect(described([running, aSyncView("unknown", {}, { percent: null })]).percent).toBeNull();
  });

  it("counts one that waits for its turn as not begun, and not as unknown", () => {
    expect(described([running, aSyncView("queued", { status: "queued" })]).percent).toBe(22.5);
  });

  it.each([
    ["German", labelsDe, "de", "2 laufen, 1 angehalten, 1 fehlgeschlagen, 1 mit Problemen"],
    ["Arabic", labelsAr, "ar-EG", "قيد التنفيذ: ٢، متوقفة مؤقتًا: ١، فشلت: ١، مع مشكلات: ١"],
    ["Japanese", labelsJa, "ja", "同期中2件、一時停止中1件、失敗1件、問題あり1件"],
  ])("28 is in the person's language and numbers: %s", (_, labels, locale, counts) => {
    expect(describeSyncs(mixedViews(), labels, createFormatter(locale), NOW).counts).toBe(counts);
  });
});

describe("the connection of several syncs", () => {
  const lost = (since: number) =>
    runningViews(2).map((view) => ({ ...view, connection: "reconnecting" as const, disconnectedAt: since }));

  it("is mentioned once it has been lost for three seconds", () => {
    expect(described(lost(NOW - 2_999)).notice).toBeNull();
    expect(described(lost(NOW - 3_000)).notice).toEqual({
      kind: "reconnecting",
      text: "Connection lost. Reconnecting... The sync continues.",
      short: "Connection lost",
    });
  });

  it("is not mentioned while the page is rendered on a server, which has no clock of the person", () => {
    expect(describeSyncs(lost(NOW - 60_000), labelsEn, createFormatter("en"), null).notice).toBeNull();
  });

  it("is offline as soon as the browser says so", () => {
    expect(described(runningViews(2).map((view) => ({ ...view, isOffline: true }))).notice?.short).toBe("Offline");
  });

  it("does not matter to syncs that have ended, or continue for ones that are paused", () => {
    expect(described([{ ...complete, isOffline: true }]).notice).toBeNull();
    expect(described([{ ...paused, isOffline: true }]).notice?.text).toBe(labelsEn.offlinePaused);
  });
});

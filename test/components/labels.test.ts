import { describe, expect, it } from "vitest";
import { labelsAr } from "../../src/components/labels/ar.js";
import { labelsDe } from "../../src/components/labels/de.js";
import { labelsEn } from "../../src/components/labels/en.js";
import { createFormatter } from "../../src/components/labels/formatter.js";
import { labelsJa } from "../../src/components/labels/ja.js";

const en = createFormatter("en");
const de = createFormatter("de");
const ar = createFormatter("ar-EG");
const ja = createFormatter("ja");
const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

describe("what has only just happened", () => {
  it.each([
    ["English", labelsEn.lastSynced(NOW, NOW, 100, en), "Last synced just now, 100 items"],
    ["English", labelsEn.stalled(NOW - 4_999, NOW, en), "Still working. Last update just now."],
    ["English", labelsEn.stalled(NOW - 5_000, NOW, en), "Still working. Last update 5 seconds ago."],
    ["German", labelsDe.lastSynced(NOW, NOW, 100, de), "Gerade eben synchronisiert, 100 Elemente"],
    ["Arabic", labelsAr.lastSynced(NOW, NOW, 100, ar), "آخر مزامنة قبل لحظات، ١٠٠ عنصر"],
    ["Arabic", labelsAr.stalled(NOW, NOW, ar), "العمل مستمر. آخر تحديث قبل لحظات."],
    ["Japanese", labelsJa.lastSynced(NOW, NOW, 100, ja), "最終同期：たった今、100件"],
  ])("is told in words that fit the sentence: %s: %s", (_, told, words) => {
    expect(told).toBe(words);
  });

  it("is told so, too, where the server's clock is ahead", () => {
    expect(labelsEn.lastSynced(NOW + MINUTE, NOW, 1, en)).toBe("Last synced just now, 1 item");
  });
});

import { describe, expect, it } from "vitest";
import { labelsAr } from "../../../src/components/labels/ar.js";
import { labelsDe } from "../../../src/components/labels/de.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { createFormatter, type Formatter } from "../../../src/components/labels/formatter.js";
import { labelsJa } from "../../../src/components/labels/ja.js";
import type { AllSourcesCount, SyncLabels } from "../../../src/components/labels/sync-labels.js";

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

describe("the time left", () => {
  const left = (minutes: number) => [
    labelsEn.timeLeft(minutes, en),
    labelsDe.timeLeft(minutes, de),
    labelsAr.timeLeft(minutes, ar),
    labelsJa.timeLeft(minutes, ja),
  ];

  it.each([
    [0, "less than a minute left", "noch weniger als eine Minute", "بقي أقل من دقيقة", "残り1分未満"],
    [1, "about 1 minute left", "noch etwa 1 Minute", "بقي حوالي دقيقة", "残り約1分"],
    [2, "about 2 minutes left", "noch etwa 2 Minuten", "بقي حوالي دقيقتين", "残り約2分"],
    [5, "about 5 minutes left", "noch etwa 5 Minuten", "بقي حوالي ٥ دقائق", "残り約5分"],
    [45, "about 45 minutes left", "noch etwa 45 Minuten", "بقي حوالي ٤٥ دقيقة", "残り約45分"],
    [90, "about 90 minutes left", "noch etwa 90 Minuten", "بقي حوالي ٩٠ دقيقة", "残り約90分"],
    [91, "about 1.5 hours left", "noch etwa 1,5 Stunden", "بقي حوالي ساعة ونصف", "残り約1時間半"],
    [119, "about 2 hours left", "noch etwa 2 Stunden", "بقي حوالي ساعتين", "残り約2時間"],
    [120, "about 2 hours left", "noch etwa 2 Stunden", "بقي حوالي ساعتين", "残り約2時間"],
    [150, "about 2.5 hours left", "noch etwa 2,5 Stunden", "بقي حوالي ساعتين ونصف", "残り約2時間半"],
    [180, "about 3 hours left", "noch etwa 3 Stunden", "بقي حوالي ٣ ساعات", "残り約3時間"],
    [720, "about 12 hours left", "noch etwa 12 Stunden", "بقي حوالي ١٢ ساعة", "残り約12時間"],
    [6_000, "about 100 hours left", "noch etwa 100 Stunden", "بقي حوالي ١٠٠ ساعة", "残り約100時間"],
  ])("is told in minutes up to 90, then in half hours: %s", (minutes, ...words) => {
    expect(left(minutes)).toEqual(words);
  });
});

describe("Arabic", () => {
  const counts = [0, 1, 2, 3, 11, 100];

  it("inflects items after a preposition or another noun, in each of its six forms", () => {
    const words = ["٠ عنصر", "عنصر واحد", "عنصرين", "٣ عناصر", "١١ عنصرًا", "١٠٠ عنصر"];
    const told = (label: (count: number) => string) => counts.map(label);
    expect(told((count) => labelsAr.completeBody(count, null, ar))).toEqual(words.map((one) => `تمت مزامنة ${one}.`));
    expect(told((count) => labelsAr.completeWithFailuresBody(0, count, ar))).toEqual(
      words.map((one) => `تمت مزامنة ٠ من أصل ${one}.`),
    );
    expect(told((count) => labelsAr.pausedAt(count, null, ar, null))).toEqual(
      words.map((one) => `توقفت مؤقتًا بعد ${one}.`),
    );
    expect(told((count) => labelsAr.itemsKept(count, ar))).toEqual(words.map((one) => `تم حفظ ${one}.`));
    expect(told((count) => labelsAr.cancelledBody(count, null, ar))).toEqual(words.map((one) => `تم حفظ ${one}.`));
    expect(told((count) => labelsAr.cancelledBody(0, count, ar))).toEqual(
      words.map((one) => `تم حفظ ٠ من أصل ${one}.`),
    );
    expect(told((count) => labelsAr.progressValue(45, 0, count, ar, null))).toEqual(
      words.map((one) => `٤٥ بالمئة، ٠ من أصل ${one}`),
    );
  });

  it("leaves them as they are where they stand alone", () => {
    const words = ["لا عناصر", "عنصر واحد", "عنصران", "٣ عناصر", "١١ عنصرًا", "١٠٠ عنصر"];
    expect(counts.map((count) => labelsAr.itemsSoFar(count, ar))).toEqual(words.map((one) => `${one} حتى الآن`));
    expect(counts.map((count) => labelsAr.lastSynced(NOW - 5 * MINUTE, NOW, count, ar))).toEqual(
      words.map((one) => `آخر مزامنة قبل ٥ دقائق، ${one}`),
    );
  });

  it("inflects problems and seconds", () => {
    expect(counts.slice(1).map((count) => labelsAr.completeWithFailures("Gmail", count, ar))).toEqual(
      ["مشكلة واحدة", "مشكلتين", "٣ مشكلات", "١١ مشكلة", "١٠٠ مشكلة"].map((one) => `تمت مزامنة Gmail مع ${one}`),
    );
    expect(counts.slice(1).map((count) => labelsAr.announceClosing(count * 1_000, ar))).toEqual(
      ["ثانية واحدة", "ثانيتين", "٣ ثوانٍ", "١١ ثانية", "١٠٠ ثانية"].map((one) => `يُغلق خلال ${one}.`),
    );
  });

  it("says nothing of an integration that depends on its gender or number", () => {
    expect(labelsAr.complete(labelsAr.unnamed)).toBe("اكتملت مزامنة بياناتك");
    expect(labelsAr.waiting(labelsAr.unnamed)).toBe("بياناتك قيد الانتظار");
  });
});

describe("German", () => {
  it("inflects what stands for a nameless integration wherever it is put", () => {
    const name = labelsDe.unnamed;
    expect(labelsDe.syncing(name)).toBe("Ihr Konto wird synchronisiert");
    expect(labelsDe.cancelled(name)).toBe("Ihr Konto: Synchronisierung abgebrochen");
    expect(labelsDe.cancelQuestion(name)).toMatch(/^Ihr Konto: Synchronisierung beenden\? /);
    expect(labelsDe.announceStart(name)).toBe("Ihr Konto wird jetzt synchronisiert.");
    expect(labelsDe.announceResumed(name)).toBe("Ihr Konto wird weiter synchronisiert.");
    expect(labelsDe.moreActions(name)).toBe("Weitere Aktionen für Ihr Konto");
  });

  it("agrees with the number of items", () => {
    expect(labelsDe.itemsKept(1, de)).toBe("1 Element bleibt erhalten.");
    expect(labelsDe.itemsKept(2, de)).toBe("2 Elemente bleiben erhalten.");
    expect(labelsDe.cancelledBody(1, 100, de)).toBe("1 von 100 Elementen bleibt erhalten.");
    expect(labelsDe.cancelledBody(45, 1, de)).toBe("45 von 1 Element bleiben erhalten.");
    expect(labelsDe.pausedAt(0, null, de, null)).toBe("Angehalten nach 0 Elementen.");
  });

  it("ends a sentence with one full stop", () => {
    expect(labelsDe.unreachableBody(8_000, de)).toBe("Der Server antwortet nicht. Neuer Versuch in 8 s.");
    expect(labelsDe.completeBody(100, 125_000, de)).toBe("100 Elemente in 2 min 5 s synchronisiert.");
  });

  it("names what is cancelled, which is not the dialog", () => {
    expect(labelsDe.cancelSync).toBe("Sync abbrechen");
  });
});

describe("Japanese", () => {
  it("sets no space before a counter and ends sentences with a full stop", () => {
    expect(labelsJa.completeBody(100, 125_000, ja)).toBe("100件を2分5秒で同期しました。");
    expect(labelsJa.unreachableBody(8_000, ja)).toBe("サーバーが応答しません。8秒後に再試行します。");
    expect(labelsJa.stalled(NOW - 40_000, NOW, ja)).toBe("処理を続けています。最後の更新は40秒前です。");
    expect(labelsJa.stalled(NOW, NOW, ja)).toBe("処理を続けています。最後の更新はたった今です。");
    expect(labelsJa.lastSynced(NOW - 5 * MINUTE, NOW, 1_204, ja)).toBe("最終同期：5分前、1,204件");
    expect(labelsJa.announcePercent("Gmail", 50, ja)).toBe("Gmail：50%。");
    expect(labelsJa.reconnecting).toBe("接続が切れたため、再接続しています。同期は続いています。");
  });
});

describe("the notices of a paused sync", () => {
  it.each([
    [
      labelsEn,
      "Connection lost. Reconnecting...",
      "You are offline. This view will catch up when you are back online.",
    ],
    [
      labelsDe,
      "Die Verbindung ist unterbrochen und wird wiederhergestellt …",
      "Sie sind offline. Die Anzeige holt auf, sobald Sie wieder verbunden sind.",
    ],
    [labelsAr, "انقطع الاتصال. جارٍ إعادة الاتصال...", "أنت غير متصل بالإنترنت. سيُحدَّث العرض عند عودة الاتصال."],
    [labelsJa, "接続が切れたため、再接続しています。", "オフラインです。接続が戻ると表示が更新されます。"],
  ])("do not claim that it goes on ($language)", (labels, reconnecting, offline) => {
    expect(labels.reconnectingPaused).toBe(reconnecting);
    expect(labels.offlinePaused).toBe(offline);
  });
});

describe("what is announced of one sync among several", () => {
  it.each([
    [labelsEn, "Gmail: Fetching items...", "Gmail: reconnected."],
    [labelsDe, "Gmail: Elemente werden abgerufen …", "Gmail: wieder verbunden."],
    [labelsAr, "Gmail: جارٍ جلب العناصر...", "Gmail: عاد الاتصال."],
    [labelsJa, "Gmail：項目を取得しています…", "Gmail：再接続しました。"],
  ])("names it ($language)", (labels, phase, found) => {
    expect(labels.about("Gmail", labels.stages.syncing)).toBe(phase);
    expect(labels.announceFound("Gmail")).toBe(found);
  });
});

describe("every language", () => {
  /** Whatever is made of numbers, times and names. */
  function made(labels: SyncLabels, format: Formatter, count: number): readonly string[] {
    const name = labels.unnamed;
    return [
      labels.completeWithFailures(name, count, format),
      labels.pausedAt(count, null, format, null),
      labels.pausedAt(count, count, format, name),
      labels.completeBody(count, null, format),
      labels.completeBody(count, count * 1_000, format),
      labels.completeWithFailuresBody(count, count, format),
      labels.cancelledBody(count, null, format),
      labels.cancelledBody(count, count, format),
      labels.itemsKept(count, format),
      labels.unreachableBody(null, format),
      labels.unreachableBody(count * 1_000, format),
      labels.stalled(NOW - count * 1_000, NOW, format),
      labels.progressValue(45, count, null, format, null),
      labels.progressValue(45, count, count, format, null),
      labels.progressValue(45, count, count, format, labels.about(name, labels.stages.syncing)),
      labels.itemsOf(count, count, format),
      labels.itemsSoFar(count, format),
      labels.timeLeft(count, format),
      labels.failuresTitle(count, format),
      labels.closesIn(count * 1_000, format),
      labels.announceStart(name),
      labels.announcePercent(name, 50, format),
      labels.announceResumed(name),
      labels.announceClosing(count * 1_000, format),
      labels.lastSynced(NOW - count * MINUTE, NOW, count, format),
    ];
  }

  it.each([
    [labelsEn, en],
    [labelsDe, de],
    [labelsAr, ar],
    [labelsJa, ja],
  ])("puts its sentences together without doubled stops, doubled spaces and gaps ($language)", (labels, format) => {
    for (const count of [0, 1, 2, 3, 8, 11, 90, 100, 125, 400, 1_204, 12_345]) {
      for (const words of made(labels, format, count)) {
        expect(words).not.toMatch(/[^.]\.\.$|[^.]\.\.[^.]|。。|\s\s|^\s|\s$|\s[.،,。]|#|undefined|null|NaN/);
      }
    }
  });
});

describe("all sources in one sentence", () => {
  const nothing = { total: 3, upToDate: 0, running: 0, waiting: 0, cancelled: 0, failed: [], withProblems: [] };
  const inAll = (given: Partial<AllSourcesCount>) => {
    const count = { ...nothing, ...given };
    return [
      labelsEn.allSummary(count, en),
      labelsDe.allSummary(count, de),
      labelsAr.allSummary(count, ar),
      labelsJa.allSummary(count, ja),
    ];
  };

  it("names those that failed, as long as they are few", () => {
    expect(inAll({ upToDate: 2, failed: ["Gmail"] })).toEqual([
      "2 of 3 up to date, Gmail failed",
      "2 von 3 auf dem neuesten Stand, Gmail fehlgeschlagen",
      "اكتملت مزامنة ٢ من ٣، فشلت مزامنة Gmail",
      "3件中2件が最新、失敗：Gmail",
    ]);
    expect(inAll({ upToDate: 1, failed: ["Gmail", "Slack"] })[0]).toBe("1 of 3 up to date, Gmail and Slack failed");
    expect(inAll({ total: 9, upToDate: 5, failed: ["a", "b", "c", "d"] })[0]).toBe("5 of 9 up to date, 4 failed");
  });

  it("says what else became of them", () => {
    const rest = { total: 7, upToDate: 1, withProblems: ["Notion"], cancelled: 1, running: 2, waiting: 1 };
    expect(inAll({ ...rest, failed: ["Gmail", "Slack"] })).toEqual([
      "1 of 7 up to date, Gmail and Slack failed, Notion with problems, 1 cancelled, 2 syncing, 1 waiting",
      "1 von 7 auf dem neuesten Stand, Gmail und Slack fehlgeschlagen, Notion mit Problemen, 1 abgebrochen, 2 laufen, 1 wartet",
      "اكتملت مزامنة ١ من ٧، فشلت مزامنة Gmail وSlack، مشكلات في Notion، أُلغيت: ١، قيد المزامنة: ٢، في الانتظار: ١",
      "7件中1件が最新、失敗：Gmail、Slack、問題あり：Notion、キャンセル：1、同期中：2、待機中：1",
    ]);
  });

  it("needs no count of one", () => {
    expect(inAll({ total: 1, upToDate: 1 }).slice(0, 2)).toEqual(["Up to date", "Auf dem neuesten Stand"]);
    expect(inAll({ upToDate: 3 })).toEqual([
      "All 3 up to date",
      "Alle 3 auf dem neuesten Stand",
      "اكتملت مزامنة جميع المصادر (٣)",
      "3件すべて最新",
    ]);
  });
});

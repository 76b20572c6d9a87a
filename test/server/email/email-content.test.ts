import { describe, expect, it } from "vitest";
import type { SyncSnapshot } from "../../../src/protocol/snapshot.js";
import { type EmailContext, emailContentOf } from "../../../src/server/email/email-content.js";
import { aSnapshot } from "../../support/a-snapshot.js";

const LINK = "https://app.example.com/syncs/1?tab=a&b=c";

function mailOf(given: Partial<SyncSnapshot>, context: Partial<EmailContext> = {}) {
  const snapshot = aSnapshot({
    status: "complete",
    processedItems: 1_204,
    totalItems: 1_204,
    failedItems: 0,
    ...given,
  });
  const content = emailContentOf(snapshot, { locale: "en", name: "Gmail", link: LINK, ...context });
  if (content === null) throw new Error("There is no mail about this.");
  return content;
}

const partly = { failedItems: 3, processedItems: 1_201 };
const failed: Partial<SyncSnapshot> = { status: "error", errorCode: "internal", processedItems: 1 };
const interrupted: Partial<SyncSnapshot> = { status: "error", errorCode: "interrupted", processedItems: 40 };
const timedOut: Partial<SyncSnapshot> = { status: "error", errorCode: "timed_out", processedItems: 0 };

describe("a mail about the end of a sync", () => {
  it("says what became of it, with counts", () => {
    expect(mailOf({}).text).toBe(
      "Gmail is up to date\n\n1,204 items synced.\n\n" +
        `Show the sync: ${LINK}\n\nYou get this email because one of your syncs has ended.\n`,
    );
    expect(mailOf({ processedItems: 0, totalItems: 0 }).text).toContain("Nothing new to sync.");
    expect(mailOf({ processedItems: 1, totalItems: 1 }).text).toContain("1 item synced.");
    expect(mailOf(partly)).toMatchObject({
      subject: "Gmail synced with 3 problems",
      text: expect.stringContaining("\n1,201 of 1,204 items synced.\n"),
    });
    expect(mailOf(failed)).toMatchObject({
      subject: "Gmail could not be synced",
      text: expect.stringContaining("\nSomething went wrong.\n1 item was kept.\nYou can start the sync again.\n"),
    });
    expect(mailOf(interrupted)).toMatchObject({
      subject: "Gmail was interrupted",
      text: expect.stringContaining("\nThe server restarted while syncing.\n40 items were kept.\n"),
    });
    expect(mailOf(timedOut)).toMatchObject({
      subject: "Gmail took too long",
      text: expect.stringContaining("so it was stopped.\nYou can start the sync again.\n"),
    });
  });

  it("is none for a sync that runs or was cancelled", () => {
    const context = { locale: "en", name: null, link: null };
    expect(emailContentOf(aSnapshot({ status: "cancelled" }), context)).toBeNull();
    expect(emailContentOf(aSnapshot({ status: "syncing" }), context)).toBeNull();
  });

  it("holds no name of an item and no message of the server", () => {
    const secret = {
      currentItem: "Salary.pdf",
      stage: "Salary.pdf",
      errorMessage: "Salary.pdf",
      startedBy: "Salary.pdf",
    };
    for (const end of [{}, partly, failed, interrupted, timedOut]) {
      expect(Object.values(mailOf({ ...end, ...secret })).join()).not.toContain("Salary");
    }
  });

  it.each([
    ["en-GB", "en", "ltr", "Gmail is up to date", "1,204 items synced."],
    ["de", "de", "ltr", "Gmail ist auf dem neuesten Stand", "1.204 Elemente synchronisiert."],
    ["de-AT", "de", "ltr", "Gmail ist auf dem neuesten Stand", "Elemente synchronisiert."],
    ["ar-EG", "ar", "rtl", "اكتملت مزامنة Gmail", "تمت مزامنة ١٬٢٠٤ عناصر."],
    ["ja-JP", "ja", "ltr", "Gmailは最新の状態です", "1,204件を同期しました。"],
    ["fr", "en", "ltr", "Gmail is up to date", "1,204 items synced."],
    ["", "en", "ltr", "Gmail is up to date", "1,204 items synced."],
    ["not a locale", "en", "ltr", "Gmail is up to date", "1,204 items synced."],
  ])("is in the language of its reader: %s", (locale, language, direction, subject, line) => {
    const mail = mailOf({}, { locale });
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(line);
    expect(mail.html).toContain(line);
    expect(mail.html).toContain(`<html lang="${language}" dir="${direction}">`);
  });

  it.each(["en", "de", "ar", "ja"])("has words for every end and count: %s", (locale) => {
    for (const end of [{}, partly, failed, interrupted, timedOut]) {
      for (const count of [0, 1, 2, 3, 11, 100]) {
        const counts = { processedItems: count, totalItems: count + ("failedItems" in end ? 3 : 0) };
        for (const name of ["Gmail", null]) {
          const { subject, text } = mailOf({ ...end, ...counts }, { locale, name });
          expect(subject.includes("Gmail")).toBe(name !== null);
          expect(text).not.toMatch(/undefined|null|NaN|#/);
        }
      }
    }
  });

  it("is one table with inline styles and loads nothing", () => {
    const { html } = mailOf(partly);
    expect(html.match(/<table/g)).toHaveLength(1);
    expect(html).not.toMatch(/<style|<script|<img|<link|<iframe|url\(|class=/);
    expect(html.match(/https?:/g)).toHaveLength(1);
    expect(mailOf(partly, { link: null }).html).not.toContain("<a");
    expect(mailOf(partly, { link: null }).text).not.toContain("Show the sync");
  });

  it("escapes what it shows, in elements and attributes", () => {
    const { html } = mailOf({}, { name: `<img src=x onerror="alert('1')">&`, link: 'https://a.example/"><b>' });
    expect(html).not.toMatch(/<img|<b>/);
    expect(html).toContain("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp; is up to date");
    expect(html).toContain('href="https://a.example/&quot;&gt;&lt;b&gt;"');
    expect(mailOf({}).html).toContain('href="https://app.example.com/syncs/1?tab=a&amp;b=c"');
  });
});

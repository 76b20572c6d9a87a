import { describe, expect, it } from "vitest";
import { createFormatter } from "../../../src/components/labels/formatter.js";

describe("a duration", () => {
  it.each([
    ["en", 800, "1 s"],
    ["en", 8_000, "8 s"],
    ["en", 125_000, "2 min 5 s"],
    ["en-GB", 125_000, "2 min 5 s"],
    ["en", 3_600_000, "1 h"],
    ["en", 3_900_000, "1 h 5 min"],
    ["de", 8_000, "8 s"],
    ["de-AT", 3_900_000, "1 h 5 min"],
    ["ja", 8_000, "8秒"],
    ["ja", 125_000, "2分5秒"],
    ["ja", 3_900_000, "1時間5分"],
    ["ar-EG", 125_000, "٢ د ٥ ث"],
    ["fr", 125_000, "2 min 5 s"],
  ])("is told in %s: %s ms as %s", (locale, ms, words) => {
    expect(createFormatter(locale).duration(ms).replace(/\s/g, " ")).toBe(words);
  });

  it("can end a sentence in the languages we bring: no unit has a full stop of its own", () => {
    for (const locale of ["en", "en-GB", "de", "de-CH", "ja", "ar", "ar-EG"])
      for (const ms of [8_000, 125_000, 3_900_000]) expect(createFormatter(locale).duration(ms)).not.toContain(".");
  });

  it("has the digits of the locale", () => {
    expect(createFormatter("en-u-nu-arab").duration(125_000)).toBe("٢ min ٥ s");
  });
});

const NOW = 1_800_000_000_000;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe("an age", () => {
  it.each([
    ["en", 0, "now"],
    ["en", -5 * SECOND, "now"],
    ["en", SECOND, "1 second ago"],
    ["en", 47 * HOUR, "1 day ago"],
    ["en", 6 * DAY, "6 days ago"],
    ["en", 7 * DAY, "1 week ago"],
    ["en", 29 * DAY, "4 weeks ago"],
    ["en", 30 * DAY, "1 month ago"],
    ["en", 364 * DAY, "12 months ago"],
    ["en", 365 * DAY, "1 year ago"],
    ["en", 400 * DAY, "1 year ago"],
    ["en", 800 * DAY, "2 years ago"],
    ["de", 7 * DAY, "vor 1 Woche"],
    ["ar-EG", 14 * DAY, "قبل أسبوعين"],
    ["ja", 40 * SECOND, "40秒前"],
    ["ja", 60 * DAY, "2か月前"],
  ])("is told in %s: %s ms as %s", (locale, age, words) => {
    expect(createFormatter(locale).timeAgo(NOW - age, NOW)).toBe(words);
  });
});

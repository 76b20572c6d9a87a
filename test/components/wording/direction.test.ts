import { describe, expect, it } from "vitest";
import { directionOf, directionOfLanguage, isolate } from "../../../src/components/wording/direction.js";

describe("the direction of writing", () => {
  it.each([
    ["Gmail", "ltr"],
    ["بريد العمل", "rtl"],
    ["12 בית", "rtl"],
    ["١٢ Mails", "ltr"],
    ["2026 (54)", null],
  ])("of %s is %s, by its first letter", (text, direction) => {
    expect(directionOf(text)).toBe(direction);
  });

  it.each([
    ["ar-EG", "rtl"],
    ["he", "rtl"],
    ["de-AT", "ltr"],
    ["ja", "ltr"],
  ])("of the language %s is %s", (language, direction) => {
    expect(directionOfLanguage(language)).toBe(direction);
  });

  it("sets a name apart in a sentence of the other direction", () => {
    expect(isolate("بريد", "ltr")).toBe("\u2068بريد\u2069");
    expect(isolate("Gmail", "rtl")).toBe("\u2068Gmail\u2069");
    expect(isolate("Gmail", "auto")).toBe("Gmail");
    expect(isolate("Gmail", "ltr")).toBe("Gmail");
    expect(isolate("365", "rtl")).toBe("365");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMiddle } from "../../../src/components/progress/cut-middle.js";

describe("27 a long item's name", () => {
  it("is cut so that its end shows", () => {
    const { head, tail } = cutMiddle("projects/2026/customers/contract-signed.pdf");
    expect(tail).toBe("act-signed.pdf");
    expect(head + tail).toBe("projects/2026/customers/contract-signed.pdf");
  });

  it("is left whole where it is short", () => {
    expect(cutMiddle("Quarterly report.pdf").tail).toBe("");
    expect(cutMiddle("").tail).toBe("");
  });

  it("is not cut inside of a character that is two units long", () => {
    expect(cutMiddle("😀".repeat(40)).tail).toBe("😀".repeat(14));
  });

  it("is not cut inside of what a person takes for one character", () => {
    const family = "\u{1f469}\u200d\u{1f469}\u200d\u{1f467}";
    expect(cutMiddle(family.repeat(40)).tail).toBe(family.repeat(14));
    // As file systems of macOS name it: the dots are a character of their own.
    expect(cutMiddle(`Gru${"u\u0308".repeat(40)}`).tail).toBe("u\u0308".repeat(14));
  });

  it("is cut where the direction changes, when it has both", () => {
    expect(cutMiddle("تقرير الربع الثالث من السنة report-2026.pdf").tail).toBe("report-2026.pdf");
    expect(cutMiddle("quarterly report of the year تقرير الربع").tail).toBe("تقرير الربع");
  });

  it("is not cut when its last run is long: halves of one run would change places", () => {
    expect(cutMiddle("تقرير very-important-customer/contract-signed.pdf").tail).toBe("");
  });

  it("loses nothing", () => {
    const words = fc.array(fc.constantFrom("a", "B-", "ש", "تقرير", " ", "/", "7", "😀", "é"), { maxLength: 60 });
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join("");
        const { head, tail } = cutMiddle(text);
        expect(head + tail).toBe(text);
      }),
    );
  });
});

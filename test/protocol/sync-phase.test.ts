import { describe, expect, it } from "vitest";
import { checkPhases, MAX_PHASES, readPhases } from "../../src/protocol/sync-phase.js";

const fetching = { name: "fetching", label: "Fetch", weight: 3 };

describe("reading phases", () => {
  it("takes them as they were declared", () => {
    expect(readPhases([fetching, { name: "indexing", label: "Index", weight: 1 }])).toEqual([
      fetching,
      { name: "indexing", label: "Index", weight: 1 },
    ]);
  });

  it.each([undefined, null, "fetching", {}, 7])("takes %j for none", (value) => {
    expect(readPhases(value)).toEqual([]);
  });

  it("leaves out what has no name, and the second of a name", () => {
    expect(readPhases([null, {}, { name: 7 }, fetching, { ...fetching, label: "Again" }])).toEqual([fetching]);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "3", undefined])("weighs %s as 1", (weight) => {
    expect(readPhases([{ ...fetching, weight }])[0]?.weight).toBe(1);
  });

  it("uses the name without a label, and bounds number and length", () => {
    expect(readPhases([{ name: "fetching" }])[0]?.label).toBe("fetching");
    expect(readPhases(Array.from({ length: 1_000 }, (_, index) => ({ name: `p${index}` })))).toHaveLength(MAX_PHASES);
    expect(readPhases([{ name: "x".repeat(1_000), label: "y".repeat(1_000) }])).toMatchObject([
      { name: expect.stringMatching(/^.{100}$/), label: expect.stringMatching(/^.{100}$/) },
    ]);
  });
});

describe("declaring phases", () => {
  it("accepts none, and the most there may be", () => {
    expect(() => checkPhases([])).not.toThrow();
    const most = Array.from({ length: MAX_PHASES }, (_, index) => ({ ...fetching, name: `p${index}` }));
    expect(() => checkPhases(most)).not.toThrow();
    expect(() => checkPhases([...most, fetching])).toThrow("phases must be at most 20, got 21");
  });

  it.each([
    [{ ...fetching, name: "" }, 'name and label of the phase "" must be texts of 1 to 100 characters, got "".'],
    [{ ...fetching, label: "" }, 'name and label of the phase "fetching" must be texts'],
    [{ ...fetching, label: "x".repeat(101) }, 'name and label of the phase "fetching" must be texts'],
    [{ ...fetching, weight: 0 }, 'the weight of the phase "fetching" must be a number above 0, got 0.'],
    [{ ...fetching, weight: Number.NaN }, 'the weight of the phase "fetching" must be a number above 0, got NaN.'],
  ])("refuses %j", (phase, message) => {
    expect(() => checkPhases([phase])).toThrow(`SyncProgressError: ${message}`);
  });

  it("refuses the same name twice", () => {
    expect(() => checkPhases([fetching, fetching])).toThrow('the phase "fetching" is declared twice');
  });
});

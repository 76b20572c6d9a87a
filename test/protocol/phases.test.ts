import { describe, expect, it } from "vitest";
import { DEFAULT_PHASES, percentOf } from "../../src/protocol/phases.js";
import { aSnapshot } from "../support/a-snapshot.js";

describe("how far a sync is", () => {
  it("is what the server says, below 100 until it is complete", () => {
    expect(percentOf(aSnapshot({ percentComplete: 45 }))).toBe(45);
    expect(percentOf(aSnapshot({ percentComplete: 100 }))).toBe(99);
    expect(percentOf(aSnapshot({ percentComplete: 45, status: "complete" }))).toBe(100);
  });

  it("follows the phases that the sync declares, also where they are named like statuses", () => {
    const phases = [
      { name: "syncing", label: "Fetch", weight: 1 },
      { name: "indexing", label: "Index", weight: 1 },
    ];
    expect(percentOf(aSnapshot({ phases, status: "syncing", processedItems: 50 }))).toBe(25);
    expect(percentOf(aSnapshot({ phases, phase: "indexing", processedItems: 50 }))).toBe(75);
    expect(percentOf(aSnapshot({ phases, phase: "indexing", percentComplete: 12 }))).toBe(12);
  });

  it("follows the weights of the phases where the server says nothing", () => {
    expect(percentOf(aSnapshot({ status: "syncing", processedItems: 0 }))).toBe(5);
    expect(percentOf(aSnapshot({ status: "syncing", processedItems: 40, failedItems: 10 }))).toBe(5 + 55 / 2);
    expect(percentOf(aSnapshot({ status: "embedding", processedItems: 50 }))).toBe(90);
  });

  it("goes by the phase while paused", () => {
    expect(percentOf(aSnapshot({ status: "paused", phase: "parsing", processedItems: 50 }))).toBe(70);
  });

  it("is unknown without a total", () => {
    expect(percentOf(aSnapshot({ status: "connecting", totalItems: null }))).toBeNull();
    expect(percentOf(aSnapshot({ status: "parsing", totalItems: null }))).toBeNull();
    expect(percentOf(aSnapshot({ status: "connecting", totalItems: 0 }))).toBeNull();
  });

  it("is the done share where the phase has no weight", () => {
    expect(percentOf(aSnapshot({ status: "running", processedItems: 30 }))).toBe(30);
    expect(percentOf(aSnapshot({ status: "running", totalItems: null }))).toBeNull();
  });

  it("never passes 99 when more was processed than there is", () => {
    expect(percentOf(aSnapshot({ status: "embedding", processedItems: 500 }))).toBe(99);
  });

  it("takes any weights, relative to their sum", () => {
    const phases = [
      { name: "a", weight: 1 },
      { name: "b", weight: 3 },
    ];
    expect(percentOf(aSnapshot({ phase: "b", processedItems: 50 }), phases)).toBe(62.5);
    expect(percentOf(aSnapshot({ phase: "a" }), [{ name: "a", weight: 0 }])).toBeNull();
    expect(DEFAULT_PHASES.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  });
});

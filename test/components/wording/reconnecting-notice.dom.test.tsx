import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function show(given: Partial<SyncProgressState>) {
  const display = (state: Partial<SyncProgressState>) => (
    <SyncProgress.Root state={aProgressState(state)} locale="en">
      <SyncProgress.ConnectionNotice />
    </SyncProgress.Root>
  );
  const { rerender } = render(display(given));
  return (state: Partial<SyncProgressState>) => rerender(display(state));
}

const isLost = () => screen.queryByText(/^Connection lost/) !== null;
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it("a lost connection is shown after three seconds, by itself, and not before", () => {
  show({ connection: "reconnecting", disconnectedAt: Date.now() });
  pass(2_900);
  expect(isLost()).toBe(false);
  pass(1_100);
  expect(isLost()).toBe(true);
});

it("a paused sync whose stream is cut every ten seconds shows no loss", () => {
  const update = show({ status: "paused" });
  for (let count = 0; count < 5; count += 1) {
    update({ status: "paused", connection: "reconnecting", disconnectedAt: Date.now() });
    for (let second = 0; second < 2; second += 1) {
      pass(1_000);
      expect(isLost()).toBe(false);
    }
    pass(800);
    expect(isLost()).toBe(false);
    update({ status: "paused", connection: "live" });
    pass(10_000);
  }
});

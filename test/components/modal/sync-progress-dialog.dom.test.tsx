import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  SyncProgressDialog,
  type SyncProgressDialogProps,
} from "../../../src/components/modal/sync-progress-dialog.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";

/** A dialog of one state, without a server. */
function openDialog(given: Partial<SyncProgressState>, props: Partial<SyncProgressDialogProps> = {}) {
  const onOpenChange = vi.fn();
  const dialog = (state: Partial<SyncProgressState>) => (
    <SyncProgressDialog
      progress={aProgressState(state)}
      name="Gmail"
      locale="en"
      open
      onOpenChange={onOpenChange}
      {...props}
    />
  );
  const { rerender } = render(dialog(given));
  return { onOpenChange, show: (state: Partial<SyncProgressState>) => rerender(dialog(state)) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("shows whatever state it is given, and gives its commands to that", async () => {
  const pause = vi.fn(async () => {});
  const onBackground = vi.fn();
  const { onOpenChange, show } = openDialog({ pause }, { onBackground });
  expect(screen.getByRole("dialog", { name: "Syncing Gmail" })).toBeTruthy();
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Pause" })));
  expect(pause).toHaveBeenCalledTimes(1);
  show({ status: "paused" });
  expect(screen.getByRole("dialog", { name: "Gmail is paused" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect([onOpenChange.mock.calls, onBackground.mock.calls.length]).toEqual([[[false]], 1]);
});

it("closes by itself once the state is complete, after the given time", async () => {
  const { onOpenChange, show } = openDialog({}, { autoCloseMs: 2_000 });
  show({ status: "complete" });
  // The countdown waits until it was announced.
  await act(() => vi.advanceTimersByTimeAsync(1_900));
  expect(onOpenChange).not.toHaveBeenCalled();
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(onOpenChange.mock.calls).toEqual([[false]]);
});

it("leaves what follows a retry to the application", async () => {
  const onRetried = vi.fn();
  openDialog({ status: "cancelled" }, { onRetried });
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Sync again" })));
  expect(onRetried.mock.calls).toEqual([["sync-2"]]);
});

it("offers no new start that nobody would follow", () => {
  openDialog({ status: "cancelled" });
  expect(screen.queryByRole("button", { name: "Sync again" })).toBeNull();
});

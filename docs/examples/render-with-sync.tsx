import { act, render, screen } from "@testing-library/react";
import { SyncProgressModal } from "react-sync-progress";
import { renderWithSync } from "react-sync-progress/testing";

/** The body of a test, in vitest as in Jest. */
export function testImportDialog() {
  const { sync } = renderWithSync(<SyncProgressModal open={true} syncId="sync-1" onOpenChange={() => {}} />, {
    render,
    act,
  });

  sync.update({ status: "syncing", totalItems: 10, processedItems: 3 });
  if (screen.getByRole("progressbar").getAttribute("aria-valuenow") !== "30") throw new Error("not at 30 %");

  sync.crash("The mailbox is full.");
  screen.getByText("The mailbox is full.");
}

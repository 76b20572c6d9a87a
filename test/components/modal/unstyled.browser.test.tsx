import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { page } from "vitest/browser";
import { SyncProgressModal } from "../../../src/components/modal/sync-progress-modal.js";

afterEach(cleanup);

it("35 the modal can be reached by scrolling where there is no stylesheet", async () => {
  await page.viewport(600, 400);
  render(
    <main style={{ blockSize: "1000px" }}>
      <SyncProgressModal syncId={null} open onOpenChange={() => {}} name="Gmail" locale="en" />
    </main>,
  );
  await screen.findByRole("dialog", { name: "Syncing Gmail" });
  expect(getComputedStyle(document.body).overflow).toBe("visible");
  const wheel = new WheelEvent("wheel", { deltaY: 100, bubbles: true, cancelable: true });
  document.body.dispatchEvent(wheel);
  expect(wheel.defaultPrevented).toBe(false);
});

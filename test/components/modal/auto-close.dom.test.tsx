import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openVirtualSync } from "./virtual-sync.js";

describe("auto-close", () => {
  it.each(["failures", "error", "cancel"])("21 does not happen after %s", async (ending) => {
    const { driver, pass, press } = await openVirtualSync({ scenario: "manual" });
    driver.update({ status: "syncing", totalItems: 100 });
    await pass(1_000);
    if (ending === "failures") driver.fail();
    if (ending === "error") driver.crash();
    else if (ending === "failures") driver.finish();
    else {
      await press("Cancel sync");
      await press("Stop");
    }
    await pass(60_000);
    expect(
      screen.getByRole("dialog", { name: /^Gmail (synced with 1 problem|could not be synced|sync cancelled)$/ }),
    ).toBeTruthy();
    expect(screen.queryByText(/^Closes in/)).toBeNull();
  });
});

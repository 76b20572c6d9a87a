import { expect, test } from "playwright/test";

test("shows the progress of a sync", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.evaluate(() => {
    window.syncDriver?.update({ status: "syncing", totalItems: 10 });
    window.syncDriver?.advance(3);
  });
  await expect(page.getByText("3 of 10")).toBeVisible();

  await page.evaluate(() => window.syncDriver?.crash("The mailbox is full."));
  await expect(page.getByText("The mailbox is full.").first()).toBeVisible();
});

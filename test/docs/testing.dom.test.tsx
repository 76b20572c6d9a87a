import { expect, it } from "vitest";
import { playPartialFailure } from "../../docs/examples/mock.js";
import { testImportDialog } from "../../docs/examples/render-with-sync.js";
import { testSignOut } from "../../docs/examples/test-sync.js";

it("drives the dialog to its end", () => {
  testImportDialog();
});

it("drives a client without React", async () => {
  const seen = await testSignOut();
  expect(seen).toContain("40 live");
  expect(seen).toContain("40 closed unauthorized");
  expect(seen.at(-1)).toBe("40 closed sync-failed");
});

it("mocks a backend in jsdom", async () => {
  expect(await playPartialFailure()).toBe(3);
});

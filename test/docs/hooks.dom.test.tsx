import { readFileSync } from "node:fs";
import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useAutoClose } from "../../src/react/use-auto-close.js";
import { useIntegrations } from "../../src/react/use-integrations.js";
import { useStartSync } from "../../src/react/use-start-sync.js";
import { useSyncAll } from "../../src/react/use-sync-all.js";
import { useSyncFailures } from "../../src/react/use-sync-failures.js";
import { useSyncHistory } from "../../src/react/use-sync-history.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

const { client } = aClient();
const sections = readFileSync("docs/hooks.md", "utf8").split(/^## /m);

it.each([
  ["useSyncProgress", () => useSyncProgress("sync-1", { client })],
  ["useAutoClose", () => useAutoClose(useSyncProgress(null, { client }), { onClose() {} })],
  ["useStartSync", () => useStartSync("gmail", { client })],
  ["useIntegrations", () => useIntegrations({ client })],
  ["useSyncHistory", () => useSyncHistory({ client })],
  ["useSyncAll", () => useSyncAll({ client })],
  ["useSyncFailures", () => useSyncFailures(null, { client })],
] as const)("docs/hooks.md has every field that %s returns", (name, hook) => {
  const section = sections.find((text) => text.startsWith(`${name}(`)) ?? "";
  const { result } = renderHook<object, unknown>(hook);
  const missing = Object.keys(result.current).filter((field) => !new RegExp(`\`${field}[\`(]`).test(section));
  expect(missing).toEqual([]);
});

import type { ComponentType, ReactNode } from "react";
import { SyncProvider } from "../react/sync-provider.js";
import { createTestSync, type TestSync, type TestSyncOptions } from "./test-sync.js";

/** Options of {@link renderWithSync}: those of {@link createTestSync}, and how to render. */
export interface RenderWithSyncOptions<Result extends object> extends TestSyncOptions {
  /** `render` of React Testing Library, or another with a `wrapper`. */
  readonly render: (
    ui: ReactNode,
    options: { readonly wrapper: ComponentType<{ readonly children: ReactNode }> },
  ) => Result;
}

/**
 * Renders `ui` below a provider with a sync that the test drives. Returns what `render` returns, and `sync`.
 *
 * @param ui The element, or a function that makes it of the sync; the first sync has the id `"sync-1"`.
 *
 * @example
 * import { act, render, screen } from "@testing-library/react";
 *
 * const { sync } = renderWithSync((sync) => <ImportPage syncId={sync.syncId} />, { render, act });
 * sync.update({ status: "syncing", processedItems: 3, totalItems: 10 });
 * expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("30");
 */
export function renderWithSync<Result extends object>(
  ui: ReactNode | ((sync: TestSync) => ReactNode),
  { render, ...options }: RenderWithSyncOptions<Result>,
): Result & { readonly sync: TestSync } {
  const sync = createTestSync(options);
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <SyncProvider client={sync.client}>{children}</SyncProvider>
  );
  return { ...render(typeof ui === "function" ? ui(sync) : ui, { wrapper }), sync };
}

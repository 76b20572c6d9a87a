import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SyncDevtools } from "../../src/devtools/sync-devtools.js";
import { SyncProvider } from "../../src/react/sync-provider.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { aClient } from "../client/a-client.js";

afterEach(() => {
  cleanup();
  vi.unstubAllEnvs();
});

const root = () => document.querySelector("[data-sync-devtools]")?.shadowRoot ?? null;

async function find<T extends HTMLElement>(selector: string): Promise<T> {
  return waitFor(() => {
    const element = root()?.querySelector<T>(selector);
    if (!element) throw new Error(`there is no ${selector}`);
    return element;
  });
}

function Display() {
  const { percent } = useSyncProgress("sync-1");
  return <p>{percent}</p>;
}

function renderDevtools() {
  const backend = aClient();
  const driver = { drop: vi.fn(), setFaults: vi.fn() };
  const view = render(
    <SyncProvider client={backend.client}>
      <Display />
      <SyncDevtools driver={driver} />
    </SyncProvider>,
  );
  return { ...backend, ...view, driver };
}

describe("the devtools", () => {
  it("show nothing in a production build, unless they should", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const { client } = aClient();
    const { rerender } = render(<SyncDevtools client={client} />);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(root()).toBeNull();
    rerender(<SyncDevtools client={client} isShownInProduction />);
    expect((await find(".toggle")).textContent).toBe("Syncs: 0 running");
  });

  it("render nothing on the server", () => {
    expect(renderToString(<SyncDevtools defaultOpen />)).toBe("");
  });

  it("open with the syncs of the page, and close by Escape with the focus back on their button", async () => {
    const { last } = renderDevtools();
    last().send({ seq: 7, status: "syncing", percentComplete: 42 });
    const toggle = await find<HTMLButtonElement>(".toggle");
    await waitFor(() => expect(toggle.textContent).toBe("Syncs: 1 running"));
    expect(toggle.getAttribute("aria-expanded")).toBe("false");
    await userEvent.click(toggle);
    const panel = await find("section.panel");
    expect(within(panel).getByRole("button", { name: /gmail.*syncing · 42\.0 % · live.*seq 7/ })).toBeTruthy();
    within(panel).getByRole("button", { name: "Close" }).focus();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(root()?.querySelector("section.panel")).toBeNull());
    expect(root()?.activeElement).toBe(toggle);
  });

  it("show the events of the sync that is chosen, by kind", async () => {
    const { last, client } = renderDevtools();
    await userEvent.click(await find(".toggle"));
    const panel = within(await find("section.panel"));
    client.subscribe("sync-2", () => {});
    last().emit("progress", { data: "not JSON" });
    await panel.findByText(/stream-unreadable/);
    expect(panel.getByText("not JSON")).toBeTruthy();
    await userEvent.click(panel.getByRole("checkbox", { name: "Messages" }));
    expect(panel.queryByText("not JSON")).toBeNull();
    await userEvent.click(panel.getByRole("button", { name: /sync-1/, pressed: false }));
    expect(panel.queryByText(/stream-unreadable/)).toBeNull();
  });

  it("let the connection of a mocked backend fail", async () => {
    const { driver } = renderDevtools();
    await userEvent.click(await find(".toggle"));
    const panel = within(await find("section.panel"));
    await userEvent.click(panel.getByRole("radio", { name: "Signed out" }));
    expect(driver.setFaults).toHaveBeenCalledWith({ status: 401 });
    await userEvent.click(panel.getByRole("button", { name: "Drop connections" }));
    expect(driver.drop).toHaveBeenCalledTimes(1);
    expect(screen.queryByText("Sync devtools")).toBeNull();
  });

  it("leave nothing behind when they are removed", async () => {
    const { unmount } = renderDevtools();
    await find(".toggle");
    unmount();
    expect(root()).toBeNull();
  });
});

import { act, fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";

const LABEL = "Email me when it is done";

/** The checkbox of a sync, and a server that responds when the test says. */
function renderCheckbox(given: Partial<SyncProgressState> = {}) {
  const client = new SyncClient();
  const requests: { readonly email: boolean; readonly respond: () => void; readonly refuse: () => void }[] = [];
  vi.spyOn(client, "setNotify").mockImplementation(
    (_, { email }) =>
      new Promise((resolve, reject) =>
        requests.push({ email, respond: resolve, refuse: () => reject(new Error("no")) }),
      ),
  );
  const parts = (state: Partial<SyncProgressState>) => (
    <SyncProgress.Root
      state={aProgressState({ client, capabilities: ["notify"], notifyEmail: false, ...state })}
      locale="en"
    >
      <SyncProgress.NotifyEmail />
    </SyncProgress.Root>
  );
  const { rerender } = render(parts(given));
  return {
    requests,
    show: (state: Partial<SyncProgressState>) => rerender(parts(state)),
    last: () => requests.at(-1),
  };
}

const checkbox = () => screen.getByRole<HTMLInputElement>("checkbox", { name: LABEL });

describe("the checkbox for a mail at the end", () => {
  it.each<[string, Partial<SyncProgressState>]>([
    ["the backend sends no mails", { capabilities: ["cancel"] }],
    ["the sync has ended", { status: "complete" }],
    ["the person has been signed out", { error: { kind: "unauthorized", message: "", code: null } }],
  ])("is not there when %s", (_, state) => {
    renderCheckbox(state);
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  it("shows what was chosen before", () => {
    renderCheckbox({ notifyEmail: true });
    expect(checkbox().checked).toBe(true);
  });

  it("shows a choice before the server has responded, and takes no second one until then", async () => {
    const { requests, last } = renderCheckbox();
    fireEvent.click(checkbox());
    expect(checkbox().checked).toBe(true);
    expect(checkbox().getAttribute("aria-disabled")).toBe("true");
    fireEvent.click(checkbox());
    expect(requests.map(({ email }) => email)).toEqual([true]);
    await act(async () => last()?.respond());
    expect(checkbox().checked).toBe(true);
    expect(checkbox().hasAttribute("aria-disabled")).toBe(false);
  });

  it("takes a choice back that the server refuses, and says so, to screen readers as well", async () => {
    const { last } = renderCheckbox();
    fireEvent.click(checkbox());
    await act(async () => last()?.refuse());
    expect(checkbox().checked).toBe(false);
    expect(document.querySelector(".sp-command-failed")?.textContent).toBe("Your choice could not be saved.");
    await vi.waitFor(() =>
      expect(document.querySelector(".sp-announcer [role=alert]")?.textContent).toBe("Your choice could not be saved."),
    );
    fireEvent.click(checkbox());
    expect(document.querySelector(".sp-command-failed")).toBeNull();
  });

  it("follows what is chosen in another tab", async () => {
    const { last, show } = renderCheckbox();
    fireEvent.click(checkbox());
    await act(async () => last()?.respond());
    show({ notifyEmail: true });
    show({ notifyEmail: false });
    expect(checkbox().checked).toBe(false);
  });

  it("makes no choice for the next sync", () => {
    const { show } = renderCheckbox();
    fireEvent.click(checkbox());
    show({ syncId: "sync-2" });
    expect(checkbox().checked).toBe(false);
  });
});

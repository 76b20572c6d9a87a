import { render, screen } from "@testing-library/react";
import { createRef } from "react";
import { describe, expect, it, vi } from "vitest";
import { SyncProgress } from "../../src/components/sync-progress.js";
import { aProgressState } from "../support/a-progress-state.js";

describe("the parts", () => {
  it("say what is wrong when they stand outside of a root", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(() => render(<SyncProgress.Title />)).toThrow(
      "<SyncProgress.Title> must be rendered inside <SyncProgress.Root>.",
    );
    silent.mockRestore();
  });

  it("pass on what elements take: class names, attributes, refs", () => {
    const ref = createRef<HTMLHeadingElement>();
    render(
      <SyncProgress.Root state={aProgressState()} id="root" className="mine">
        <SyncProgress.Title ref={ref} className="big" data-testid="title" level={4} />
      </SyncProgress.Root>,
    );
    expect(ref.current?.tagName).toBe("H4");
    expect(screen.getByTestId("title").className).toBe("sp-title big");
    expect(document.getElementById("root")?.className).toBe("sp-root mine");
  });

  it("carry the state for styling", () => {
    render(<SyncProgress.Root state={aProgressState({ connection: "polling", phase: "parsing" })} id="root" />);
    expect(document.getElementById("root")?.dataset).toMatchObject({
      kind: "running",
      status: "syncing",
      connection: "polling",
      phase: "parsing",
    });
  });

  it("35 are plain, usable HTML without the stylesheet", () => {
    render(
      <SyncProgress.Root state={aProgressState({ failedItems: 3 })} name="Gmail" locale="en">
        <SyncProgress.Title />
        <SyncProgress.Stage />
        <SyncProgress.Bar />
        <SyncProgress.Stats />
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    expect(screen.getByRole("heading", { name: "Syncing Gmail" })).toBeTruthy();
    expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual(["Items", "Failed"]);
    expect(screen.getAllByRole("definition").map((one) => one.textContent)).toEqual(["48 of 100", "3"]);
    expect(screen.getAllByRole("button").map((one) => one.textContent)).toEqual([
      "Run in background",
      "Pause",
      "Cancel sync",
    ]);
  });

  it("isolate foreign text in its own direction", () => {
    render(
      <SyncProgress.Root state={aProgressState({ stage: "جارٍ جلب الرسائل..." })}>
        <SyncProgress.Stage />
      </SyncProgress.Root>,
    );
    expect(screen.getByText("جارٍ جلب الرسائل...").tagName).toBe("BDI");
  });

  it("show text from the server as text, whatever it holds", () => {
    render(
      <SyncProgress.Root state={aProgressState({ stage: "<img src=x onerror=alert(1)>" })}>
        <SyncProgress.Stage />
      </SyncProgress.Root>,
    );
    expect(document.querySelector("img")).toBeNull();
    expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeTruthy();
  });

  it("say when a command did not work", async () => {
    const state = aProgressState({ pause: () => Promise.reject(new Error("no")) });
    render(
      <SyncProgress.Root state={state}>
        <SyncProgress.Error />
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    screen.getByRole("button", { name: "Pause" }).click();
    expect((await screen.findByText("That did not work. Please try again.")).getAttribute("role")).toBe("alert");
  });
});

import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ComponentPropsWithoutRef, createRef, forwardRef, type ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { SyncRequestError } from "../../../src/client/sync-request.js";
import { announcer } from "../../../src/components/announcer/announcer.js";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import type { SyncProgressHandlers } from "../../../src/components/progress/use-progress-actions.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { anAutoClose } from "../../support/an-auto-close.js";
import { PHASES } from "../../support/phases.js";

const signedOut = { error: { kind: "unauthorized", message: "", code: null } } as const;

/** What is shown of a command that did not work. */
const said = () => document.querySelector(".sp-command-failed")?.textContent ?? undefined;

const Headline = forwardRef<HTMLHeadingElement, ComponentPropsWithoutRef<"h1">>(function Headline(props, ref) {
  return <h1 {...props} ref={ref} />;
});

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
      <SyncProgress.Root state={aProgressState({ failedItems: 3 })} name="Gmail" locale="en" onBackground={() => {}}>
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

  it("show the phases of a sync as a list, and its counts with the phase that they belong to", () => {
    const parts = (given: Parameters<typeof aProgressState>[0]) => (
      <SyncProgress.Root state={aProgressState({ phases: PHASES, phase: "fetch", percent: 37, ...given })} locale="en">
        <SyncProgress.Stage />
        <SyncProgress.Bar />
        <SyncProgress.Phases />
        <SyncProgress.Stats />
      </SyncProgress.Root>
    );
    const view = render(parts({}));
    const list = screen.getByRole("list", { name: "Phases" });
    expect(list.tagName).toBe("OL");
    const steps = screen.getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      "Connect (done)",
      "Fetch (in progress)",
      "Index (not started)",
    ]);
    expect(steps.map((step) => step.getAttribute("aria-current"))).toEqual([null, "step", null]);
    expect(screen.getByRole("progressbar").getAttribute("aria-valuetext")).toBe("37 percent, Fetch: 45 of 100 items");
    expect(screen.getByRole("term").textContent).toBe("Fetch");
    expect(screen.getByRole("definition").textContent).toBe("45 of 100");

    view.rerender(parts({ status: "paused" }));
    expect(screen.getByText("Paused at 45 of 100 (Fetch).")).toBeTruthy();
    view.rerender(parts({ status: "cancelled", isTerminal: true }));
    expect(screen.getAllByRole("listitem")[1]?.textContent).toBe("Fetch (stopped)");
    expect(document.querySelector("[aria-current]")).toBeNull();
    view.rerender(parts({ status: "complete", isTerminal: true }));
    expect(screen.queryByRole("list")).toBeNull();
    view.rerender(parts({ phases: [] }));
    expect(screen.queryByRole("list")).toBeNull();
    expect(screen.getByRole("term").textContent).toBe("Items");
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

  it("say when a command did not work, to screen readers as well, until the sync has moved on", async () => {
    const parts = (given: Partial<SyncProgressState>) => (
      <SyncProgress.Root state={aProgressState(given)}>
        <SyncProgress.Error />
        <SyncProgress.Actions />
      </SyncProgress.Root>
    );
    const view = render(parts({ command: { name: "pause", status: "pending", error: null } }));
    expect(said()).toBeUndefined();
    const error = new SyncRequestError("POST /api/x failed: fetch failed.");
    view.rerender(parts({ command: { name: "pause", status: "failed", error } }));
    expect(said()).toBe("The server is not responding, so nothing was changed.");
    await waitFor(() => expect(document.querySelector(".sp-announcer [role=alert]")?.textContent).toBe(said()));
    view.rerender(parts({ status: "paused" }));
    expect(said()).toBeUndefined();
  });

  it("announce no failure of a command from before they were there", () => {
    const alert = vi.spyOn(announcer, "alert");
    const error = new SyncRequestError("No.");
    render(<SyncProgress.Root state={aProgressState({ command: { name: "pause", status: "failed", error } })} />);
    expect(alert).not.toHaveBeenCalled();
    alert.mockRestore();
  });

  it("do not take what the application does with a new sync for a failure to start it", async () => {
    const onError = vi.fn();
    window.addEventListener("unhandledrejection", onError);
    process.once("unhandledRejection", onError);
    const onRetried = vi.fn(() => {
      throw new Error("the application is wrong");
    });
    render(
      <SyncProgress.Root state={aProgressState({ status: "error" })} onRetried={onRetried} locale="en">
        <SyncProgress.Error />
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(onRetried).toHaveBeenCalledWith("sync-2"));
    expect(said()).toBeUndefined();
  });

  it("do nothing on a button whose command is pending, wherever it was given", async () => {
    const pause = vi.fn(async () => {});
    const onClick = vi.fn();
    const state = aProgressState({ pause, command: { name: "pause", status: "pending", error: null } });
    render(
      <SyncProgress.Root state={state} locale="en">
        <SyncProgress.Action action="pause" onClick={onClick} />
        <SyncProgress.Action action="cancel" />
      </SyncProgress.Root>,
    );
    const button = screen.getByRole("button", { name: "Pausing..." });
    fireEvent.click(button);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByRole("button", { name: "Cancel sync" }).hasAttribute("aria-disabled")).toBe(false);
    expect([pause.mock.calls.length, onClick.mock.calls.length]).toEqual([0, 0]);
  });

  it("ask before a cancel in the place of a button that stands alone, and there only", () => {
    const cancel = vi.fn(async () => {});
    render(
      <SyncProgress.Root state={aProgressState({ cancel })} name="Gmail" locale="en">
        <SyncProgress.Action action="cancel" />
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    const [alone] = screen.getAllByRole("button", { name: "Cancel sync" });
    if (alone !== undefined) fireEvent.click(alone);
    expect(screen.getAllByRole("group", { name: /^Stop syncing Gmail/ })).toHaveLength(1);
    expect(screen.getByRole("button", { name: "Pause" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("keep the application's element, ref and attributes while they ask", () => {
    const ref = createRef<HTMLDivElement>();
    render(
      <SyncProgress.Root state={aProgressState()} name="Gmail" locale="en">
        <SyncProgress.Actions ref={ref} id="actions" asChild>
          <footer>
            <SyncProgress.Action action="cancel" />
          </footer>
        </SyncProgress.Actions>
      </SyncProgress.Root>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Cancel sync" }));
    const asking = screen.getByRole("group", { name: /^Stop syncing Gmail/ });
    expect([asking.tagName, asking.id, ref.current]).toEqual(["FOOTER", "actions", asking]);
    expect(screen.getAllByRole("button").map((one) => one.textContent)).toEqual(["Keep syncing", "Stop"]);
  });

  it("9 take no other answer while they stop", async () => {
    const refusal = Promise.withResolvers<void>();
    const state = aProgressState({ cancel: () => refusal.promise });
    render(
      <SyncProgress.Root state={state} name="Gmail" locale="en">
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Cancel sync" }));
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    fireEvent.click(screen.getByRole("button", { name: "Keep syncing" }));
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(screen.getByRole("button", { name: "Keep syncing" }).getAttribute("aria-disabled")).toBe("true");
    await act(async () => refusal.reject(new Error("no")));
    expect(screen.getByRole("button", { name: "Cancel sync" })).toBeTruthy();
  });

  it("17 hold a countdown while the person is there, and call the application's handlers", () => {
    const hold = vi.fn();
    const release = vi.fn();
    const onPointerMove = vi.fn();
    const onFocus = vi.fn();
    const { unmount } = render(
      <SyncProgress.Root
        state={aProgressState({ status: "complete" })}
        autoClose={anAutoClose({ hold, release })}
        onPointerMove={onPointerMove}
        onFocus={onFocus}
        id="root"
      >
        <SyncProgress.AutoClose />
      </SyncProgress.Root>,
    );
    const root = document.getElementById("root");
    if (root !== null) fireEvent.pointerMove(root);
    expect(hold).toHaveBeenCalledWith("hover");
    if (root !== null) fireEvent.pointerLeave(root);
    expect(release).toHaveBeenCalledWith("hover");
    screen.getByRole("button").focus();
    expect(hold).toHaveBeenCalledWith("focus");
    expect([onPointerMove.mock.calls.length, onFocus.mock.calls.length]).toEqual([1, 1]);
    release.mockClear();
    unmount();
    expect(release.mock.calls.flat()).toEqual(["hover", "touch", "focus"]);
  });

  it("name the current item only when there is one, and keep its line", () => {
    const parts = (currentItem: string | null) => (
      <SyncProgress.Root state={aProgressState({ currentItem })} locale="en">
        <SyncProgress.CurrentItem data-testid="item" />
      </SyncProgress.Root>
    );
    const view = render(parts(null));
    expect(screen.getByTestId("item").textContent).toBe("");
    view.rerender(parts("report.pdf"));
    expect(screen.getByTestId("item").textContent).toBe("Now: report.pdf");
  });

  it("leave the focus on a long current item when the next one comes", () => {
    const parts = (currentItem: string) => (
      <SyncProgress.Root state={aProgressState({ currentItem })} locale="en">
        <SyncProgress.CurrentItem />
        <SyncProgress.Actions />
      </SyncProgress.Root>
    );
    const { rerender } = render(parts(`${"folder/".repeat(10)}one.pdf`));
    const item = screen.getByRole("group", { name: "Now:" });
    item.focus();
    rerender(parts(`${"folder/".repeat(10)}two.pdf`));
    expect(document.activeElement).toBe(item);
    rerender(parts("short.pdf"));
    expect(document.activeElement).toBe(item);
    expect(item.textContent).toBe("short.pdf");
    act(() => item.blur());
    expect(item.hasAttribute("tabindex")).toBe(false);
  });

  it.each<[string, Parameters<typeof aProgressState>[0], Partial<SyncProgressHandlers>, readonly string[]]>([
    ["while it runs, without handlers", {}, {}, ["Pause", "Cancel sync"]],
    ["while it runs", {}, { onBackground() {} }, ["Run in background", "Pause", "Cancel sync"]],
    ["after a failure, without handlers", { status: "error" }, {}, []],
    ["after a failure", { status: "error" }, { onRetried() {}, onClose() {} }, ["Try again", "Close"]],
    ["after a start that failed", { syncId: null, status: null }, { onRestart() {} }, ["Try again"]],
    ["signed out, without a way to sign in", signedOut, { onClose() {} }, ["Close"]],
    ["signed out", signedOut, { onSignIn() {}, onClose() {} }, ["Sign in", "Close"]],
  ])("offer only what somebody carries out: %s", (_, given, handlers, expected) => {
    const startError = given?.syncId === null ? "The disk is full." : null;
    render(
      <SyncProgress.Root state={aProgressState(given)} startError={startError} locale="en" {...handlers}>
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    expect(screen.queryAllByRole("button").map((one) => one.textContent)).toEqual(expected);
    const main = document.querySelector("[data-main-action]")?.textContent ?? null;
    expect(main).toBe(expected[0] === "Pause" ? null : (expected[0] ?? null));
  });

  it("offer an action that the application carries out at its button", () => {
    const onClick = vi.fn();
    render(
      <SyncProgress.Root state={aProgressState({ status: "complete" })} locale="en">
        <SyncProgress.Action action="done" onClick={onClick} />
        <SyncProgress.Action action="pause" onClick={onClick} />
      </SyncProgress.Root>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Done" }));
    expect(onClick).toHaveBeenCalledOnce();
    expect(screen.queryByRole("button", { name: "Pause" })).toBeNull();
  });

  it("become the application's own elements with asChild, and keep their content, props and ref", () => {
    const ref = createRef<HTMLParagraphElement>();
    render(
      <SyncProgress.Root state={aProgressState()} name="Gmail" locale="en" asChild>
        <section id="root">
          <SyncProgress.Title asChild>
            <Headline className="mine" />
          </SyncProgress.Title>
          <SyncProgress.Stage ref={ref} asChild>
            <em />
          </SyncProgress.Stage>
          <SyncProgress.Bar asChild>
            <section />
          </SyncProgress.Bar>
        </section>
      </SyncProgress.Root>,
    );
    expect(document.getElementById("root")).toBe(document.querySelector("section.sp-root[data-kind=running]"));
    const title = screen.getByRole("heading", { name: "Syncing Gmail", level: 1 });
    expect(title.className.split(" ").sort()).toEqual(["mine", "sp-title"]);
    expect(ref.current).toBe(screen.getByText("Fetching emails...").parentElement);
    expect(ref.current?.tagName).toBe("EM");
    const bar = screen.getByRole("progressbar", { name: "Syncing Gmail" });
    expect([bar.tagName, bar.getAttribute("aria-valuenow"), bar.firstElementChild?.className]).toEqual([
      "SECTION",
      "45",
      "sp-bar-fill",
    ]);
  });

  it("show what they are given in place of their own content", () => {
    render(
      <SyncProgress.Root state={aProgressState()} name="Gmail">
        <SyncProgress.Title>My mail</SyncProgress.Title>
      </SyncProgress.Root>,
    );
    expect(screen.getByRole("heading", { name: "My mail" })).toBeTruthy();
  });

  it("say what asChild needs", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {});
    const inRoot = (part: ReactNode) => () =>
      render(<SyncProgress.Root state={aProgressState()}>{part}</SyncProgress.Root>);
    expect(inRoot(<SyncProgress.Stage asChild />)).toThrow(
      "a part with asChild takes exactly one React element as its child, got undefined.",
    );
    expect(
      inRoot(
        <SyncProgress.Bar asChild>
          <i />
          <b />
        </SyncProgress.Bar>,
      ),
    ).toThrow("got 2 children.");
    silent.mockRestore();
  });

  it("take the class names of their root, each button those of its weight", () => {
    render(
      <SyncProgress.Root
        state={aProgressState({ connection: "reconnecting", disconnectedAt: Date.now() - 3_000 })}
        classNames={{ title: "t", barFill: "f", button: "b", mainButton: "m", quietButton: "q" }}
        locale="en"
        onBackground={() => {}}
      >
        <SyncProgress.Title className="own" />
        <SyncProgress.Bar />
        <SyncProgress.ConnectionNotice />
        <SyncProgress.Actions />
      </SyncProgress.Root>,
    );
    expect(screen.getByRole("heading").className).toBe("sp-title t own");
    expect(screen.getByRole("progressbar").firstElementChild?.className).toBe("sp-bar-fill f");
    expect(screen.getByRole("button", { name: "Run in background" }).className).toBe("sp-button sp-button-main m");
    expect(screen.getByRole("button", { name: "Pause" }).className).toBe("sp-button b");
    expect(screen.getByRole("button", { name: "Try now" }).className).toBe("sp-button sp-button-quiet q");
  });

  it("let the application lay out its own buttons, of which only those show that the state offers", () => {
    const pause = vi.fn(async () => {});
    const onClick = vi.fn();
    render(
      <SyncProgress.Root state={aProgressState({ pause })} name="Gmail" locale="en">
        <SyncProgress.Actions>
          <SyncProgress.Action action="pause" onClick={onClick} asChild>
            <button type="button" data-variant="outline" />
          </SyncProgress.Action>
          <SyncProgress.Action action="resume" />
          <SyncProgress.Action action="cancel">Stop it</SyncProgress.Action>
        </SyncProgress.Actions>
      </SyncProgress.Root>,
    );
    expect(screen.getAllByRole("button").map((one) => one.textContent)).toEqual(["Pause", "Stop it"]);
    const button = screen.getByRole("button", { name: "Pause" });
    expect(button.dataset["variant"]).toBe("outline");
    fireEvent.click(button);
    expect([pause.mock.calls.length, onClick.mock.calls.length]).toEqual([1, 1]);
    fireEvent.click(screen.getByRole("button", { name: "Stop it" }));
    expect(screen.getByRole("group", { name: /^Stop syncing Gmail/ })).toBeTruthy();
  });
});

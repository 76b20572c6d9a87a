import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncClient } from "../../src/client/sync-client.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { type UseSyncNotificationsOptions, useSyncNotifications } from "../../src/react/use-sync-notifications.js";
import { aClient } from "../client/a-client.js";
import { aSnapshot } from "../support/a-snapshot.js";

/** The browser's notifications, as the test wants them. */
class FakeNotification {
  static permission: NotificationPermission = "granted";
  static readonly shown: FakeNotification[] = [];
  static requestPermission = vi.fn(async () => {
    FakeNotification.permission = "granted";
    return FakeNotification.permission;
  });
  onclick: (() => void) | null = null;
  readonly close = vi.fn();

  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    FakeNotification.shown.push(this);
  }
}

/** Locks that all tabs of the test share. */
function aLockManager() {
  const held = new Set<string>();
  return {
    held,
    async request(name: string, _: unknown, callback: (lock: object | null) => unknown) {
      if (held.has(name)) return callback(null);
      held.add(name);
      return callback({});
    },
  };
}

let visibility: DocumentVisibilityState = "hidden";
function setVisibility(next: DocumentVisibilityState) {
  visibility = next;
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("Notification", FakeNotification);
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { locks: aLockManager() }));
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  FakeNotification.permission = "granted";
  FakeNotification.shown.length = 0;
  visibility = "hidden";
  document.title = "Documents";
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A tab with syncs that have run for a minute. */
async function openTab(options: UseSyncNotificationsOptions = {}, syncIds = ["a", "b", "c"]) {
  const running = syncIds.map((syncId) => aSnapshot({ syncId, connectorType: syncId, startedAt: 0 }));
  const list = encodeSyncPage({ syncs: running, nextCursor: null, hasFeed: false, viewer: null });
  const { client, sources } = aClient({ feed: false }, () => Response.json(list));
  const hook = renderHook(
    (props: { client: SyncClient }) => useSyncNotifications({ ...options, client: options.client ?? props.client }),
    { initialProps: { client } },
  );
  const pass = async (ms: number) => {
    for (let left = ms; left >= 0; left -= 5_000) {
      await act(async () => void (await vi.advanceTimersByTimeAsync(Math.min(left, 5_000))));
      // Else the streams would be given up as silent, and what ends would be sent to none.
      for (const source of sources) source.emit("heartbeat", { data: "{}" });
    }
  };
  await pass(0);
  const send = (syncId: string, snapshot: Partial<SyncSnapshot>) => {
    const whole = aSnapshot({ syncId, connectorType: syncId, startedAt: 0, ...snapshot });
    sources
      .findLast(({ url }) => url.includes(`/${syncId}/`))
      ?.emit("progress", { data: JSON.stringify(encodeSnapshot(whole)) });
  };
  for (const syncId of syncIds) send(syncId, {});
  await pass(100);
  return {
    ...hook,
    pass,
    end: (syncId: string, snapshot: Partial<SyncSnapshot> = {}) =>
      send(syncId, { status: "complete", completedAt: 60_000, ...snapshot }),
  };
}

const titles = () => FakeNotification.shown.map(({ title }) => title);

describe("the end of a sync in a hidden tab", () => {
  it("is in the page's title until the person comes back", async () => {
    const { end, pass } = await openTab();
    end("a");
    await pass(2_000);
    expect(document.title).toBe("(done) Documents");
    setVisibility("visible");
    expect(document.title).toBe("Documents");
  });

  it("says by the title that one of them has failed, also when another ends well after that", async () => {
    const { end, pass } = await openTab();
    end("a", { status: "error" });
    await pass(2_000);
    expect(document.title).toBe("(failed) Documents");
    end("b");
    await pass(2_000);
    expect(document.title).toBe("(failed) Documents");
  });

  it("leaves a title that the application has set meanwhile", async () => {
    const { end, pass } = await openTab();
    end("a");
    await pass(2_000);
    document.title = "Search";
    setVisibility("visible");
    expect(document.title).toBe("Search");
  });

  it("is a notification, which leads back to the page", async () => {
    const onSelect = vi.fn();
    const focus = vi.spyOn(window, "focus").mockImplementation(() => {});
    const { end, pass } = await openTab({ onSelect });
    end("a");
    await pass(2_000);
    expect(titles()).toEqual(["a: up to date"]);
    FakeNotification.shown[0]?.onclick?.();
    expect(focus).toHaveBeenCalled();
    expect(onSelect.mock.calls[0]?.[0]).toMatchObject([{ syncId: "a" }]);
  });

  it("closes its notification when the person comes back by themselves", async () => {
    const { end, pass } = await openTab();
    end("a");
    await pass(2_000);
    setVisibility("visible");
    expect(FakeNotification.shown[0]?.close).toHaveBeenCalled();
  });

  it("is one notification for several that end together", async () => {
    const { end, pass } = await openTab();
    end("a");
    await pass(500);
    end("b", { failedItems: 3 });
    end("c", { status: "error" });
    await pass(3_000);
    expect(FakeNotification.shown).toMatchObject([
      {
        title: "3 syncs have finished",
        options: { body: "a: up to date\nb: synced with problems\nc: could not be synced" },
      },
    ]);
  });

  it("has the application's own words", async () => {
    const notificationText = () => ({ title: "Fertig", body: "Alles ist da." });
    const { end, pass } = await openTab({ notificationText, titlePrefix: () => "* ", icon: "/icon.png" });
    end("a");
    await pass(2_000);
    expect(document.title).toBe("* Documents");
    expect(FakeNotification.shown).toMatchObject([
      { title: "Fertig", options: { body: "Alles ist da.", icon: "/icon.png" } },
    ]);
  });

  it.each<[string, Partial<SyncSnapshot>]>([
    ["it was short", { completedAt: 9_999 }],
    ["it was cancelled", { status: "cancelled" }],
  ])("is not worth a word when %s", async (_, snapshot) => {
    const { end, pass } = await openTab();
    end("a", snapshot);
    await pass(5_000);
    expect([document.title, titles()]).toEqual(["Documents", []]);
  });

  it("goes by the time that the sync was seen to run, if the server gives none", async () => {
    const { end, pass } = await openTab({ minDurationMs: 30_000 });
    await pass(20_000);
    end("a", { startedAt: null, completedAt: null });
    await pass(5_000);
    expect(titles()).toEqual([]);
    await pass(10_000);
    end("b", { startedAt: null, completedAt: null });
    await pass(5_000);
    expect(titles()).toEqual(["b: up to date"]);
  });

  it("leaves the title alone, or everything, if the application says so", async () => {
    const first = await openTab({ titlePrefix: false });
    first.end("a");
    await first.pass(2_000);
    expect([document.title, titles()]).toEqual(["Documents", ["a: up to date"]]);
    const second = await openTab({ enabled: false }, ["x"]);
    second.end("x");
    await second.pass(2_000);
    expect(titles()).toHaveLength(1);
  });

  it("is nothing to a person who sees the page", async () => {
    const { end, pass } = await openTab();
    setVisibility("visible");
    end("a");
    await pass(5_000);
    expect([document.title, titles()]).toEqual(["Documents", []]);
  });
});

describe("several tabs", () => {
  it("show one notification, and all the title", async () => {
    const [one, other] = [await openTab(), await openTab()];
    for (const { end } of [one, other]) end("a");
    await one.pass(3_000);
    expect(titles()).toEqual(["a: up to date"]);
  });

  it("show none when the person looks at one of them", async () => {
    const [seen, hidden] = [await openTab(), await openTab()];
    visibility = "visible";
    seen.end("a");
    await seen.pass(100);
    visibility = "hidden";
    hidden.end("a");
    await hidden.pass(3_000);
    expect(titles()).toEqual([]);
  });

  it("name a notification by its sync, for browsers without locks", async () => {
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { locks: undefined }));
    const { end, pass } = await openTab();
    end("a");
    await pass(3_000);
    expect(FakeNotification.shown.map(({ options }) => options.tag)).toEqual(["react-sync-progress:a"]);
  });
});

describe("the permission", () => {
  it("is requested by a call only", async () => {
    FakeNotification.permission = "default";
    const { end, pass, result } = await openTab();
    end("a");
    await pass(3_000);
    expect([document.title, titles(), FakeNotification.requestPermission.mock.calls]).toEqual([
      "(done) Documents",
      [],
      [],
    ]);
    expect(result.current.permission).toBe("default");
    await act(async () => expect(await result.current.request()).toBe("granted"));
    expect(result.current.permission).toBe("granted");
  });

  it("is not requested again once it was denied", async () => {
    FakeNotification.requestPermission.mockClear();
    FakeNotification.permission = "denied";
    const { result } = await openTab();
    expect(await result.current.request()).toBe("denied");
    expect(FakeNotification.requestPermission).not.toHaveBeenCalled();
  });

  it("is none in a browser without notifications", async () => {
    vi.stubGlobal("Notification", undefined);
    const { result, end, pass } = await openTab();
    end("a");
    await pass(3_000);
    expect(result.current.permission).toBe("unsupported");
    expect(await result.current.request()).toBe("unsupported");
    expect(document.title).toBe("(done) Documents");
  });

  it("does not matter where notifications are those of service workers only", async () => {
    vi.stubGlobal(
      "Notification",
      class {
        static permission = "granted";
        constructor() {
          throw new TypeError("Illegal constructor");
        }
      },
    );
    const { end, pass } = await openTab();
    end("a");
    await pass(3_000);
    expect(document.title).toBe("(done) Documents");
  });
});

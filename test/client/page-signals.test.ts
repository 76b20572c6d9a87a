import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { activeSyncsOf } from "../../src/client/active-syncs.js";
import { listenToPage } from "../../src/client/page-signals.js";
import { SyncClient } from "../../src/client/sync-client.js";

/** A page that consists of its events only. */
class FakeDocument extends EventTarget {
  visibilityState = "visible";
}

let page: FakeDocument;
let host: EventTarget;

beforeEach(() => {
  page = new FakeDocument();
  host = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", host);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const transition = (type: string, persisted: boolean) => Object.assign(new Event(type), { persisted });

describe("the page's signals", () => {
  it.each<[string, () => EventTarget, Event, string | null]>([
    ["the network is back", () => host, new Event("online"), "online"],
    ["the network is gone", () => host, new Event("offline"), "offline"],
    ["the page is shown", () => page, new Event("visibilitychange"), "visible"],
    ["the page is frozen", () => page, new Event("freeze"), "frozen"],
    ["the page goes on", () => page, new Event("resume"), "resumed"],
    ["the page goes to the back-forward cache", () => host, transition("pagehide", true), "frozen"],
    ["the page goes for good", () => host, transition("pagehide", false), null],
    ["the page comes back from the cache", () => host, transition("pageshow", true), "resumed"],
    ["the page is loaded", () => host, transition("pageshow", false), null],
  ])("report that %s", (_, target, event, signal) => {
    const notify = vi.fn();
    const stop = listenToPage(notify);
    target().dispatchEvent(event);
    expect(notify.mock.calls).toEqual(signal === null ? [] : [[signal]]);
    stop();
    target().dispatchEvent(event);
    expect(notify).toHaveBeenCalledTimes(signal === null ? 0 : 1);
  });

  it("are received in a page that accepts no AbortSignal of Node", () => {
    class FakeJsdomWindow extends EventTarget {
      override addEventListener(...args: Parameters<EventTarget["addEventListener"]>) {
        const [, , options] = args;
        if (typeof options === "object" && "signal" in options)
          throw new TypeError("signal is not of type 'AbortSignal'");
        super.addEventListener(...args);
      }
    }
    vi.stubGlobal("window", new FakeJsdomWindow());
    expect(() => listenToPage(() => {})()).not.toThrow();
    const active = activeSyncsOf(new SyncClient({ fetch: async () => new Response(null, { status: 404 }) }));
    expect(() => active.subscribe(() => {})()).not.toThrow();
  });

  it("say nothing when the page is hidden", () => {
    const notify = vi.fn();
    const stop = listenToPage(notify);
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(notify).not.toHaveBeenCalled();
    stop();
  });

  it.each(["window", "document"])("are none without a %s", (name) => {
    vi.stubGlobal(name, undefined);
    expect(() => listenToPage(() => {})()).not.toThrow();
  });

  it("reach every watch of a client, while it has one", () => {
    const closed: string[] = [];
    const client = new SyncClient({
      keepAliveMs: 1,
      createEventSource: (url) => ({ readyState: 0, addEventListener: () => {}, close: () => closed.push(url) }),
    });
    const add = vi.spyOn(host, "addEventListener");
    client.subscribe("a", () => {});
    client.subscribe("b", () => {});
    expect(add.mock.calls.filter(([type]) => type === "online")).toHaveLength(1);
    page.dispatchEvent(new Event("freeze"));
    expect(closed).toEqual(["/api/sync-progress/a/stream", "/api/sync-progress/b/stream"]);
    expect(client.getView("a")?.connection).toBe("connecting");
    client.close();
    client.subscribe("c", () => {});
    expect(add.mock.calls.filter(([type]) => type === "online")).toHaveLength(2);
    client.close();
    closed.length = 0;
    page.dispatchEvent(new Event("freeze"));
    expect(closed).toEqual([]);
  });
});

import { listenTo } from "./listen-to.js";

/** What happens to the page and its network. */
export type PageSignal = "online" | "offline" | "visible" | "frozen" | "resumed";

/** Listens to the page. Returns a function that stops. Without a page (Node, a worker) `notify` is never called. */
export function listenToPage(notify: (signal: PageSignal) => void): () => void {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const notifyIfKept = (signal: PageSignal) => (event: Event) => {
    if ("persisted" in event && event.persisted === true) notify(signal);
  };
  const removals = [
    listenTo(window, "online", () => notify("online")),
    listenTo(window, "offline", () => notify("offline")),
    listenTo(document, "visibilitychange", () => document.visibilityState === "visible" && notify("visible")),
    // A page with an open connection is kept out of the back-forward cache, and a frozen one would miss its end.
    listenTo(document, "freeze", () => notify("frozen")),
    listenTo(document, "resume", () => notify("resumed")),
    listenTo(window, "pagehide", notifyIfKept("frozen")),
    listenTo(window, "pageshow", notifyIfKept("resumed")),
  ];
  return () => {
    for (const remove of removals) remove();
  };
}

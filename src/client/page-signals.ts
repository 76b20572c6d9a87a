/** What happens to the page and its network. */
export type PageSignal = "online" | "offline" | "visible" | "frozen" | "resumed";

/** Listens to the page. Returns a function that stops. Without a page (Node, a worker) `notify` is never called. */
export function listenToPage(notify: (signal: PageSignal) => void): () => void {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const controller = new AbortController();
  const options = { signal: controller.signal };
  window.addEventListener("online", () => notify("online"), options);
  window.addEventListener("offline", () => notify("offline"), options);
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && notify("visible"),
    options,
  );
  // A page with an open connection is kept out of the back-forward cache, and a frozen one would miss its end.
  document.addEventListener("freeze", () => notify("frozen"), options);
  document.addEventListener("resume", () => notify("resumed"), options);
  window.addEventListener("pagehide", (event) => event.persisted && notify("frozen"), options);
  window.addEventListener("pageshow", (event) => event.persisted && notify("resumed"), options);
  return () => controller.abort();
}

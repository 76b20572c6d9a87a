/** What the page tells about itself and its network. */
export type PageSignal = "online" | "offline" | "visible" | "frozen" | "resumed";

/** Listens to the page's signals until the answer is called. Without a page (Node, a worker) nothing is ever told. */
export function listenToPage(tell: (signal: PageSignal) => void): () => void {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const controller = new AbortController();
  const options = { signal: controller.signal };
  window.addEventListener("online", () => tell("online"), options);
  window.addEventListener("offline", () => tell("offline"), options);
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && tell("visible"),
    options,
  );
  // A page with an open connection is kept out of the back-forward cache, and a frozen one would miss its end.
  document.addEventListener("freeze", () => tell("frozen"), options);
  document.addEventListener("resume", () => tell("resumed"), options);
  window.addEventListener("pagehide", (event) => event.persisted && tell("frozen"), options);
  window.addEventListener("pageshow", (event) => event.persisted && tell("resumed"), options);
  return () => controller.abort();
}

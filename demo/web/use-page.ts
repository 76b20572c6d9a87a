import { useSyncExternalStore } from "react";

/** The pages of the demo, by the hash of their address: to go from one to another loads nothing. */
export const PAGES = [
  { hash: "", title: "Sources" },
  { hash: "#/all", title: "Sync all" },
  { hash: "#/history", title: "History" },
  { hash: "#/outbox", title: "Outbox" },
] as const;

export type PageHash = (typeof PAGES)[number]["hash"];

/** The page that the address names; the first one for any other address. */
export function usePage(): PageHash {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return PAGES.find((page) => page.hash === hash)?.hash ?? "";
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

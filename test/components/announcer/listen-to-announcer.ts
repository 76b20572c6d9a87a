import { act, cleanup } from "@testing-library/react";
import { onTestFinished, vi } from "vitest";

/** A text that came into one of the announcer's regions. */
export interface Heard {
  /** ms since the test began to listen. */
  readonly at: number;
  readonly role: string;
  readonly text: string;
  readonly lang: string;
}

/** Hears what the page's announcer says, in a time of its own, until the test ends. */
export function listenToAnnouncer() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"], now: Date.UTC(2026, 0, 1) });
  const heard: Heard[] = [];
  const observer = new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      const region = node.parentElement;
      if (!(node instanceof HTMLElement) || !region?.hasAttribute("aria-live")) continue;
      const role = region.getAttribute("role") ?? "";
      heard.push({ at: performance.now(), role, text: node.textContent, lang: node.lang });
    }
  });
  observer.observe(document.body, { childList: true, subtree: true });
  onTestFinished(() => {
    cleanup();
    observer.disconnect();
    // The announcer is the page's, and must not take anything into the next test.
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
  });
  return {
    heard,
    /** What was heard so far, without its times. */
    texts: () => heard.map(({ text }) => text),
    /** Lets so many ms pass. */
    pass: (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms))),
  };
}

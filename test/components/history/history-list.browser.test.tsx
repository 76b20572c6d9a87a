import { act, cleanup, render } from "@testing-library/react";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { SyncHistory } from "../../../src/components/history/sync-history.js";
import stylesheet from "../../../src/components/styles/styles.css?inline";
import { encodeSnapshot } from "../../../src/protocol/snapshot.js";
import { aSnapshot } from "../../support/a-snapshot.js";

afterEach(cleanup);

/** A history of `length` syncs on one page; the first of them is the latest. */
async function renderHistory(length: number, { isStyled = true } = {}) {
  if (isStyled) {
    const style = document.createElement("style");
    style.textContent = stylesheet;
    document.head.append(style);
    onTestFinished(() => style.remove());
  }
  const syncs = Array.from({ length }, (_, index) =>
    encodeSnapshot(
      aSnapshot({
        syncId: `past-${index}`,
        status: index % 2 === 0 ? "complete" : "error",
        errorMessage: "Refused.",
        startedAt: 0,
        completedAt: 1_000 + index,
      }),
    ),
  );
  const list = () => Response.json({ success: true, syncs, next_cursor: null });
  const client = new SyncClient({
    baseUrl: "/api",
    fetch: async (url) =>
      /sync-progress$/.test(String(url))
        ? list()
        : Response.json({ success: true, syncs: [], integrations: [], next_cursor: null }),
  });
  onTestFinished(() => client.close());
  const { container } = render(<SyncHistory client={client} locale="en" />);
  await vi.waitFor(() => expect(container.querySelectorAll(".sp-history-row").length).toBeGreaterThan(0));
  const box = () => container.querySelector<HTMLElement>(".sp-history-list") ?? document.body;
  const rows = () => [...container.querySelectorAll<HTMLElement>(".sp-history-row")];
  const positions = () => rows().map((row) => Number(row.getAttribute("aria-posinset")));
  return { box, rows, positions };
}

const scrollTo = (box: HTMLElement, top: number) =>
  act(async () => {
    box.scrollTop = top;
    box.dispatchEvent(new Event("scroll"));
    await new Promise(requestAnimationFrame);
  });

it("renders a short list as a whole", async () => {
  const { rows, box } = await renderHistory(60);
  expect(rows()).toHaveLength(60);
  expect(box().hasAttribute("data-virtual")).toBe(false);
});

it("renders of a long list what is in sight, and says of each row which one it is", async () => {
  const { box, rows, positions } = await renderHistory(1_000);
  await vi.waitFor(() => expect(positions()[0]).toBe(1));
  expect(rows().length).toBeLessThan(40);
  expect(rows()[0]?.getAttribute("aria-setsize")).toBe("1000");
  await vi.waitFor(async () => {
    await scrollTo(box(), box().scrollHeight);
    expect(positions().at(-1)).toBe(1_000);
    // Rows are measured on the way.
    const last = rows().at(-1)?.getBoundingClientRect();
    expect(last?.bottom).toBeLessThanOrEqual(box().getBoundingClientRect().bottom + 1);
  });
  expect(rows().length).toBeLessThan(40);
});

it("keeps the row that has the focus, wherever the list is scrolled to", async () => {
  const { box, rows, positions } = await renderHistory(1_000);
  await vi.waitFor(() => expect(positions()[0]).toBe(1));
  const button = rows()[1]?.querySelector("button");
  act(() => button?.focus());
  await scrollTo(box(), 20_000);
  await vi.waitFor(() => expect(positions().at(-1)).toBeGreaterThan(100));
  expect(document.activeElement).toBe(button);
  expect(positions()).toContain(2);
});

it("35 shows a long list without the stylesheet, too", async () => {
  const { rows } = await renderHistory(200, { isStyled: false });
  expect(rows().length).toBeGreaterThanOrEqual(60);
  await vi.waitFor(() => expect(rows()).toHaveLength(200), { timeout: 10_000 });
});

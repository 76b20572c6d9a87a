import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ProgressKind } from "../../../src/components/wording/progress-kind.js";
import type { IntegrationStatus } from "../../../src/protocol/integration.js";

/** The rules of a stylesheet, by selector. */
function rulesOf(file: string): readonly { readonly selector: string; readonly body: string }[] {
  const css = readFileSync(new URL(`../../../src/components/styles/${file}`, import.meta.url), "utf8");
  const rules = css.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{([^{}]*)\}/g);
  return [...rules].map(([, selector = "", body = ""]) => ({ selector: selector.replace(/\s+/g, " ").trim(), body }));
}

/** The colour that the last rule for an element in a state gives it; `null` if only the element's own rule does. */
function colorOf(file: string, state: string, element: string, property: string): string | null {
  const rule = rulesOf(file).findLast(({ selector }) => selector.includes(state) && selector.endsWith(element));
  return new RegExp(`(?:^|[\\s;])${property}: var\\(--_(\\w+)\\)`).exec(rule?.body ?? "")?.[1] ?? null;
}

// Complete by the compiler: a kind or status without a colour here does not compile, one without a rule fails.
const KINDS = {
  opening: { icon: null, bar: null },
  running: { icon: null, bar: null },
  queued: { icon: "muted", bar: "muted" },
  paused: { icon: "muted", bar: "muted" },
  cancelled: { icon: "muted", bar: "muted" },
  complete: { icon: "success", bar: "success" },
  partial: { icon: "warning", bar: "warning" },
  failed: { icon: "danger", bar: "danger" },
  unauthorized: { icon: "danger", bar: null },
  "not-found": { icon: "danger", bar: null },
  unreachable: { icon: "danger", bar: null },
} as const satisfies Record<ProgressKind, { readonly icon: string | null; readonly bar: string | null }>;

const CARDS = {
  not_connected: null,
  connecting: "accent",
  connected: "success",
  syncing: "accent",
  needs_reauth: "warning",
  error: "danger",
  paused: null,
} as const satisfies Record<IntegrationStatus, string | null>;

describe("the styles have a colour", () => {
  it.each(Object.entries(KINDS))("for the icon and the bar of a display that is %s", (kind, { icon, bar }) => {
    const state = `[data-kind="${kind}"]`;
    expect(colorOf("progress.css", state, ".sp-title .sp-icon", "color")).toBe(icon);
    const ofBar = rulesOf("progress.css").filter(({ selector }) => !selector.includes("data-state"));
    const rule = ofBar.findLast(({ selector }) => selector.includes(state) && selector.endsWith(".sp-bar-fill"));
    expect(/background: var\(--_(\w+)\)/.exec(rule?.body ?? "")?.[1] ?? null).toBe(bar);
  });

  it.each(Object.entries(CARDS))("for the dot of a card that is %s", (status, dot) => {
    expect(colorOf("card.css", `[data-status="${status}"]`, ".sp-card-dot", "background")).toBe(dot);
  });
});

import type { SyncPhase } from "../protocol/sync-phase.js";
import type { IntegrationDefinition } from "../server/integration-definition.js";

/** The phases that the scenarios walk through. */
const PHASES: readonly SyncPhase[] = [
  { name: "connecting", label: "Connect", weight: 5 },
  { name: "syncing", label: "Fetch", weight: 55 },
  { name: "parsing", label: "Read", weight: 20 },
  { name: "embedding", label: "Index", weight: 20 },
];

/** The integrations of a mock backend. */
export const mockIntegrations: readonly Omit<IntegrationDefinition, "sync">[] = [
  anIntegration("gmail", "Gmail", "Emails and threads", "#c5402f"),
  anIntegration("slack", "Slack", "Channels and messages", "#6b2a6e"),
  anIntegration("notion", "Notion", "Pages and databases", "#33373f"),
  anIntegration("github", "GitHub", "Issues and pull requests", "#1f6f43", "H"),
];

const SUBJECTS = [
  "Quarterly report",
  "Re: Lunch on Thursday?",
  "Invoice 2026-0042.pdf",
  "Grüße aus Köln",
  "会議の議事録",
  "ملاحظات الاجتماع",
  "Fwd: Fwd: Travel plans for the summer that nobody has read to the end yet",
];

/** The name of a mocked item, the same for the same index. */
export function mockItemName(index: number): string {
  return `${SUBJECTS[index % SUBJECTS.length]} (${index + 1})`;
}

function anIntegration(type: string, name: string, description: string, color: string, letter = name.slice(0, 1)) {
  return { type, name, description, icon: letterIcon(letter, color), phases: PHASES };
}

function letterIcon(letter: string, color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" fill="${color}"/><text x="20" y="27" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${letter}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

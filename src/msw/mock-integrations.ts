import type { IntegrationDefinition } from "../server/integration-definition.js";

/** The integrations of a mock backend. */
export const mockIntegrations: readonly Omit<IntegrationDefinition, "sync">[] = [
  { type: "gmail", name: "Gmail", description: "Emails and threads", icon: letterIcon("G", "#c5402f") },
  { type: "slack", name: "Slack", description: "Channels and messages", icon: letterIcon("S", "#6b2a6e") },
  { type: "notion", name: "Notion", description: "Pages and databases", icon: letterIcon("N", "#33373f") },
  { type: "github", name: "GitHub", description: "Issues and pull requests", icon: letterIcon("H", "#1f6f43") },
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

function letterIcon(letter: string, color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" fill="${color}"/><text x="20" y="27" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${letter}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

import { readFileSync, writeFileSync } from "node:fs";
import { ALL_CHECKS } from "../src/cli/checks/all-checks.js";

/** Puts the table of checks into docs/doctor.md, between its marker and the next heading. A test compares. */

const page = new URL("../docs/doctor.md", import.meta.url);
const TABLE = /(<!-- checks -->\n\n)[\s\S]*?(?=\n\n## )/;

export function withChecks(text: string): string {
  const rows = [["check", "what it looks at"], ...ALL_CHECKS.map(({ id, subject }) => [`\`${id}\``, subject])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return text.replace(TABLE, (_, marker: string) => marker + lines.join("\n"));
}

if (import.meta.main) writeFileSync(page, withChecks(readFileSync(page, "utf8")));

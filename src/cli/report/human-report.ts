import { type Finding, LEVELS, type Level } from "../checks/check.js";
import { count } from "../checks/show.js";
import type { CheckResult, DoctorReport } from "./doctor-report.js";
import { type Style, styled, type Terminal, wrap } from "./terminal.js";

const LOOKS: Readonly<Record<Level, { readonly word: string; readonly style: Style }>> = {
  fault: { word: "FAULT", style: "red" },
  warning: { word: "warning", style: "yellow" },
  hint: { word: "hint", style: "cyan" },
  ok: { word: "ok", style: "green" },
  skipped: { word: "-", style: "gray" },
};

const WORD_WIDTH = 8;
const ID_WIDTH = 17;
const CLEAR_LINE = "\r\u001b[2K";

/** Writes an examination for people: a line for each check while it goes on, then what is to be done. */
export class HumanReport {
  readonly #terminal: Terminal;
  #activity = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  onBegin(url: string, longestMs: number): void {
    const { bold } = this.#styles;
    this.#write(`${bold("react-sync-progress doctor")} ${url}\n`);
    this.#write(`Takes up to about ${Math.ceil(longestMs / 1_000)} s. Ctrl+C ends it.\n\n`);
  }

  /** On a terminal, the last line says what is going on; anywhere else nothing is written over. */
  onActivity(activity: string): void {
    if (!this.#terminal.isTTY || activity === this.#activity) return;
    this.#activity = activity;
    this.#terminal.write(`${CLEAR_LINE}${this.#styles.gray(`  ${activity}...`.slice(0, this.#terminal.columns - 1))}`);
  }

  /** What could not be judged is listed at the end, by its reason. */
  onResult({ id, level, findings }: CheckResult): void {
    if (level === "skipped") return;
    const seen = findings.map((finding) => finding.seen).join(" ");
    const { word, style } = LOOKS[level];
    const text = wrap(seen, 2 + WORD_WIDTH + ID_WIDTH, this.#terminal.columns);
    this.#write(`  ${styled(this.#terminal, style, word.padEnd(WORD_WIDTH))}${id.padEnd(ID_WIDTH)}${text}\n`);
  }

  onEnd(report: DoctorReport): void {
    this.#write("");
    this.#listSkipped(report);
    for (const level of LEVELS.filter((one) => one === "fault" || one === "warning" || one === "hint")) {
      for (const check of report.checks) {
        for (const finding of check.findings) if (finding.level === level) this.#explain(check, finding);
      }
    }
    const sentence = summarize(report);
    this.#write(`\n${styled(this.#terminal, report.counts.fault > 0 ? "red" : "green", sentence)}\n`);
  }

  #listSkipped({ checks }: DoctorReport): void {
    const byReason = new Map<string, string[]>();
    for (const { id, level, findings } of checks) {
      const reason = findings[0]?.seen ?? "";
      if (level === "skipped") byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
    }
    if (byReason.size > 0) this.#write("\nNot judged\n");
    for (const [reason, ids] of byReason) {
      this.#write(this.#styles.gray(`  ${wrap(`${ids.join(", ")}: ${reason}`, 4, this.#terminal.columns)}\n`));
    }
  }

  #explain({ id, subject }: CheckResult, { level, seen, evidence, why, change }: Finding): void {
    const { word, style } = LOOKS[level];
    const { bold, gray } = this.#styles;
    const field = (name: string, text: string) =>
      `  ${gray(name.padEnd(8))}${wrap(text, 10, this.#terminal.columns)}\n`;
    this.#write(`\n${styled(this.#terminal, style, word)} ${bold(id)}: ${subject}\n`);
    this.#write(field("seen", seen));
    for (const line of evidence) this.#write(`          ${gray("|")} ${line}\n`);
    this.#write(field("why", why));
    for (const [index, { where, text }] of change.entries())
      this.#write(field(index === 0 ? "change" : "", `${where}: ${text}`));
  }

  get #styles() {
    const terminal = this.#terminal;
    return {
      bold: (text: string) => styled(terminal, "bold", text),
      gray: (text: string) => styled(terminal, "gray", text),
    };
  }

  #write(text: string): void {
    if (this.#activity !== "") this.#terminal.write(CLEAR_LINE);
    this.#activity = "";
    this.#terminal.write(text);
  }
}

/** The result in a sentence. */
function summarize({ counts, isInterrupted, syncId }: DoctorReport): string {
  const { fault, warning, hint, ok, skipped } = counts;
  const problems = [
    fault > 0 ? count(fault, "fault") : "No faults",
    ...(warning > 0 ? [count(warning, "warning")] : []),
    ...(hint > 0 ? [count(hint, "hint")] : []),
  ].join(", ");
  const rest = skipped > 0 ? `, ${skipped} could not be judged` : "";
  const next = syncId === null && fault === 0 && !isInterrupted ? " Most checks need a sync to look at." : "";
  return `${isInterrupted ? "Interrupted. " : ""}${problems}; ${count(ok, "check")} passed${rest}.${next}`;
}

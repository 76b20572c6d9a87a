import type { DoctorReport } from "../../src/cli/report/doctor-report.js";
import { runCli } from "../../src/cli/run-cli.js";
import { runDoctor } from "../../src/cli/run-doctor.js";
import type { DoctorTimings, Identity, Target } from "../../src/cli/target.js";

/** So short that a test takes a second, and so long that a busy machine is not taken for a fault. */
export const SHORT: DoctorTimings = {
  streamMs: 5_000,
  idleMs: 1_500,
  requestMs: 2_000,
  firstEventMs: 1_500,
  lagMs: 900,
  pollMs: 200,
  deadMs: 1_300,
  closeMs: 500,
};

export const cookie = (value: string): Identity => ({ cookie: value, headers: {} });

/** What the doctor finds as Ada, who starts a sync. */
export function examine(url: string, change: Partial<Target> = {}, signal = new AbortController().signal) {
  const target: Target = {
    url,
    pageOrigin: new URL(url).origin,
    identity: cookie("user=ada"),
    secondIdentity: cookie("user=grace"),
    sync: { kind: "start", type: "gmail" },
    timings: SHORT,
    ...change,
  };
  return runDoctor(target, signal, { onActivity() {}, onResult() {} });
}

/** The checks that are neither ok nor skipped, with their levels: `["buffering: fault"]`. */
export function problemsOf({ checks }: DoctorReport): readonly string[] {
  return checks.flatMap(({ id, level }) => (level === "ok" || level === "skipped" ? [] : [`${id}: ${level}`]));
}

/** What a check has seen, why that matters and what to change, as one text. */
export function textOf(report: DoctorReport, id: string): string {
  const findings = report.checks.find((check) => check.id === id)?.findings ?? [];
  return JSON.stringify(findings);
}

/** What the command prints, and its exit code. */
export async function runCommand(args: readonly string[], terminal: { isTTY?: boolean; hasColor?: boolean } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli({
    args,
    out: { write: (text) => void out.push(text), isTTY: false, hasColor: false, columns: 100, ...terminal },
    err: { write: (text) => void err.push(text) },
    signal: new AbortController().signal,
  });
  return { out: out.join(""), err: err.join(""), code };
}

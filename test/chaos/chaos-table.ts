import type { ChaosOptions } from "./chaos-options.js";
import type { ChaosResult } from "./chaos-run.js";

/** A run as a table for people. */
export function tableOf(options: ChaosOptions, result: ChaosResult): string {
  const { readers, mails, ends } = result;
  const counts = (by: Readonly<Record<string, number>>) =>
    Object.entries(by)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ") || "none";
  const rows: readonly (readonly [string, string | number])[] = [
    ["engine", `${options.engine}, ${options.processes} processes, seed ${options.seed}`],
    ["killed", `${result.kills} times in ${options.seconds} s`],
    ["syncs", `${result.syncs} (${options.syncs} at a time), ${result.retries} of them continue one`],
    ["they ended", counts(ends)],
    ["streams of one sync", `${readers.ended} ended, ${readers.open} open`],
    ["streams of all syncs", readers.feeds],
    ["connections of streams", readers.connections],
    ["frames checked", `${readers.snapshots} snapshots, ${readers.otherFrames} others`],
    ["streams refused", counts(readers.refused)],
    ["responses with 5xx", result.serverErrors],
    ["mails requested", mails.expected],
    ["mails received", `${mails.received}, ${mails.different} different`],
    ["repeated by a kill", `${mails.repeatedByKill} (the longest gap: ${mails.longestGapMs} ms)`],
    ["until all had ended", `${Math.round(result.drainMs)} ms after the time`],
    ["memory of a server", `${Math.round(result.maxServerBytes / 1_000_000)} MB at most`],
    ["faults", result.faults.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const reported = [...result.reported].map(([text, count]) => `${count} x ${text}`);
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...(reported.length === 0 ? [] : ["", "Reported by the servers:", ...reported]),
    ...(result.faults.length === 0 ? [] : ["", "Faults:", ...result.faults.slice(0, 50)]),
    "",
  ].join("\n");
}

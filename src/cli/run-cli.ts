import { DOCTOR_HELP } from "./doctor-help.js";
import { type DoctorOptions, readDoctorOptions, UsageError } from "./doctor-options.js";
import { HumanReport } from "./report/human-report.js";
import type { Terminal } from "./report/terminal.js";
import { runDoctor } from "./run-doctor.js";
import type { DoctorTimings } from "./target.js";

/** What the command needs of its process. */
export interface CliHost {
  /** The arguments after the name of the command. */
  readonly args: readonly string[];
  readonly out: Terminal;
  readonly err: Pick<Terminal, "write">;
  /** Interrupts. */
  readonly signal: AbortSignal;
}

/** Runs the command. Resolves with the exit code: 0 no faults, 1 faults, 2 wrong usage, 130 interrupted. */
export async function runCli({ args, out, err, signal }: CliHost): Promise<number> {
  try {
    const options = readArguments(args);
    if (options === null) {
      out.write(DOCTOR_HELP);
      return 0;
    }
    return await examine(options, out, signal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.write(`${error.message}\n\nnpx react-sync-progress doctor --help\n`);
    return 2;
  }
}

function readArguments([command, ...rest]: readonly string[]): DoctorOptions | null {
  if (command === undefined || command === "--help" || command === "-h") return null;
  if (command !== "doctor") throw new UsageError(`There is one command, doctor; got "${command}".`);
  return readDoctorOptions(rest);
}

async function examine({ target, isJson, hasColor }: DoctorOptions, out: Terminal, signal: AbortSignal) {
  const human = new HumanReport({ ...out, hasColor: hasColor && out.hasColor, write: (text) => out.write(text) });
  if (!isJson) human.onBegin(target.url, longestMs(target.timings));
  const silent = { onActivity() {}, onResult() {} };
  const report = await runDoctor(target, signal, isJson ? silent : human);
  if (isJson) out.write(`${JSON.stringify(report, null, 2)}\n`);
  else human.onEnd(report);
  if (report.isInterrupted) return 130;
  return report.counts.fault > 0 ? 1 : 0;
}

/** How long an examination takes if the server responds to its requests. */
function longestMs({ streamMs, firstEventMs, closeMs, requestMs }: DoctorTimings): number {
  return streamMs + 3 * firstEventMs + closeMs + requestMs;
}

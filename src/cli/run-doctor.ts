import { isSignedOut } from "./checks/address-checks.js";
import { ALL_CHECKS } from "./checks/all-checks.js";
import { type Check, LEVELS, type Level, STEPS, type Step } from "./checks/check.js";
import type { Evidence } from "./evidence/evidence.js";
import { findBase } from "./evidence/find-base.js";
import { recordRequests } from "./evidence/record-requests.js";
import { recordResume } from "./evidence/record-resume.js";
import { recordStart } from "./evidence/record-start.js";
import { recordStream } from "./evidence/record-stream.js";
import { Recorder } from "./evidence/recorder.js";
import type { CheckResult, DoctorReport } from "./report/doctor-report.js";
import type { Target } from "./target.js";

/** Follows an examination. */
export interface DoctorListener {
  /** What is going on now, in a few words. */
  onActivity(activity: string): void;
  /** A check was judged. */
  onResult(result: CheckResult): void;
}

/** Examines a backend: records what it does, and judges that check by check. `signal` interrupts. */
export async function runDoctor(target: Target, signal: AbortSignal, listener: DoctorListener): Promise<DoctorReport> {
  const startedAt = Date.now();
  const recorder = new Recorder(target, signal, (activity) => listener.onActivity(activity));
  const results: CheckResult[] = [];
  let evidence: Evidence = { ...NOTHING, target };
  for (const step of STEPS) {
    evidence = { ...evidence, ...(await record(step, evidence, recorder)) };
    if (signal.aborted) break;
    for (const check of ALL_CHECKS) if (check.step === step) judge(check);
  }
  if (signal.aborted) {
    evidence = { ...evidence, ...(await cancelStarted(evidence, recorder)) };
    for (const check of ALL_CHECKS) if (check.id === "cleanup") judge(check);
  }
  return {
    version: 1,
    url: target.url,
    baseUrl: evidence.address?.found?.baseUrl ?? null,
    syncId: evidence.sync?.syncId ?? null,
    isInterrupted: signal.aborted,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
    counts: countLevels(results),
    checks: results,
  };

  function judge(check: Check): void {
    const findings = [check.judge(evidence)].flat();
    const level = LEVELS.find((one) => findings.some((finding) => finding.level === one)) ?? "ok";
    const result: CheckResult = { id: check.id, subject: check.subject, level, findings };
    results.push(result);
    listener.onResult(result);
  }
}

const NOTHING: Omit<Evidence, "target"> = {
  address: null,
  unknownStream: null,
  preflights: null,
  start: null,
  sync: null,
  stream: null,
  cancel: null,
  resume: null,
};

/** Makes the requests of a step, if those before have found what it needs. */
async function record(step: Step, evidence: Evidence, recorder: Recorder): Promise<Partial<Evidence>> {
  const { address, sync, stream } = evidence;
  if (step === "address") {
    recorder.onActivity("Looking for the sync API");
    return { address: await findBase(recorder.target, recorder.limits) };
  }
  const found = address?.found ?? null;
  if (found === null || isSignedOut(found)) return {};
  switch (step) {
    case "requests":
      return recordRequests(recorder, found.endpoints);
    case "start":
      return recordStart(recorder, found);
    case "stream":
      return sync === null ? {} : recordStream(recorder, found.endpoints, sync);
    case "resume":
      return sync === null || stream === null
        ? {}
        : { resume: await recordResume(recorder, found.endpoints, sync.syncId, stream) };
    default:
      return step satisfies never;
  }
}

/** Ends what was started before the interruption. */
async function cancelStarted({ sync, address, cancel }: Evidence, recorder: Recorder): Promise<Partial<Evidence>> {
  const found = address?.found ?? null;
  if (sync === null || !sync.isOurs || found === null || cancel !== null) return {};
  return { cancel: await recorder.cancel(found.endpoints, sync.syncId) };
}

function countLevels(results: readonly CheckResult[]): Readonly<Record<Level, number>> {
  const counts = { fault: 0, warning: 0, hint: 0, ok: 0, skipped: 0 };
  for (const { level } of results) counts[level] += 1;
  return counts;
}

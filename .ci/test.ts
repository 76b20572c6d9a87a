import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findOrInstallChromium } from "../test/support/find-chromium.ts";

/** Runs everything, and closes with one line that counts it. */

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const CHROMIUM_PROJECTS = ["browser", "stories", "e2e"];
/** In one run, since many tests of Node only wait; three files at once, for the same reason. */
const PLAIN_PROJECTS = ["node", "dom", "react-18", "package"];

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
/** What failed, printed once more at the end: of a long log only the end is read. */
const failures: string[] = [];
const reports = mkdtempSync(join(tmpdir(), "react-sync-progress-"));

function run(title: string, command: string, args: readonly string[]): boolean {
  const startedAt = Date.now();
  process.stdout.write(`\n> ${title}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, FORCE_COLOR: "0" } });
  process.stdout.write(
    `  ${title}: ${status === 0 ? "passed" : "FAILED"} in ${Math.round((Date.now() - startedAt) / 1_000)} s\n`,
  );
  return status === 0;
}

function runStep(title: string, command: string, args: readonly string[]): boolean {
  const hasPassed = run(title, command, args);
  if (hasPassed) {
    tally.passed += 1;
  } else {
    tally.failed += 1;
    failures.push(title);
  }
  return hasPassed;
}

function runVitest(projects: readonly string[], options: readonly string[] = []): void {
  const names = projects.join(", ");
  const report = join(reports, `${projects.join("-")}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["run", ...projects.map((project) => `--project=${project}`), ...reporters, ...options];
  const hasPassed = run(`tests: ${names}`, "vitest", args);
  const { counted, failed } = readReport(report);
  failures.push(...failed.map((failure) => `${names}: ${failure}`));
  if (!hasPassed && failed.length === 0) failures.push(`${names}: broke without a failed test`);
  tally.passed += counted.passed;
  tally.skipped += counted.skipped;
  // A run that breaks without a failed test (an unhandled error, a file that cannot be loaded) is a failure as well.
  tally.failed += hasPassed ? counted.failed : Math.max(1, counted.failed);
}

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function readReport(path: string): { readonly counted: Tally; readonly failed: readonly string[] } {
  try {
    const report: TestReport = JSON.parse(readFileSync(path, "utf8"));
    const counted: Tally = {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    return { counted, failed: report.testResults.flatMap(failuresOf) };
  } catch {
    return { counted: { passed: 0, failed: 1, skipped: 0 }, failed: ["the report cannot be read"] };
  }
}

function failuresOf({ name, status, message, assertionResults }: TestReport["testResults"][number]): string[] {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (status === "failed" && failed.length === 0) return [`${file}\n${beginningOf(message)}`];
  return failed.map((test) => `${file}: ${test.fullName}\n${beginningOf(test.failureMessages.join("\n"))}`);
}

function beginningOf(message: string): string {
  return message
    .split("\n")
    .slice(0, 20)
    .map((line) => `    ${line}`)
    .join("\n");
}

function close(): never {
  rmSync(reports, { recursive: true, force: true });
  if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((text) => `- ${text}\n`).join("")}`);
  process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
  process.exit(tally.failed === 0 ? 0 : 1);
}

if (!runStep("types", "tsc", ["-p", "."]) || !runStep("lint and format", "biome", ["check", "--error-on-warnings"]))
  close();
runStep("unused files, exports and dependencies", "knip", ["--no-progress", "--treat-config-hints-as-errors"]);
if (!runStep("build", "tsup", ["--silent"])) close();
// The oldest React that is promised; beside the project's own, so in a folder of its own.
if (!existsSync("test/react-18/node_modules")) runStep("React 18", "npm", ["ci", "--prefix", "test/react-18"]);
runVitest(PLAIN_PROJECTS, ["--maxWorkers=3"]);

if (findOrInstallChromium() !== null) {
  for (const project of CHROMIUM_PROJECTS) runVitest([project]);
} else {
  const isFatal = process.env["CI"] === "true";
  process.stdout.write(
    `\nNo Chromium found: install the package \`chromium\`, or set CHROMIUM_PATH. The projects ${CHROMIUM_PROJECTS.join(", ")} ${isFatal ? "count as failed" : "are skipped"}.\n`,
  );
  if (isFatal) tally.failed += CHROMIUM_PROJECTS.length;
  else tally.skipped += CHROMIUM_PROJECTS.length;
}
close();

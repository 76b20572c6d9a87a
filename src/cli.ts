import { runCli } from "./cli/run-cli.js";

const { stdout, stderr, argv, env } = process;
const interruption = new AbortController();
// The second one ends the process at once, as Node does it by itself.
process.once("SIGINT", () => interruption.abort());

process.exitCode = await runCli({
  args: argv.slice(2),
  out: {
    write: (text) => stdout.write(text),
    isTTY: stdout.isTTY === true,
    hasColor: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "",
    // Some terminals say 0.
    columns: stdout.columns || 100,
  },
  err: { write: (text) => stderr.write(text) },
  signal: interruption.signal,
});

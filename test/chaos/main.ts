import { readChaosOptions } from "./chaos-options.js";
import { runChaos } from "./chaos-run.js";
import { tableOf } from "./chaos-table.js";

/**
 * Kills servers at random for three minutes while 2,000 streams follow 200 syncs, and prints a table. `npm run test:chaos`;
 * `CHAOS_ENGINE=postgres`, `CHAOS_SECONDS`, `CHAOS_SYNCS`, `CHAOS_STREAMS`, `CHAOS_PROCESSES`, `CHAOS_KILL_EVERY`,
 * `CHAOS_STEP_MS` and `CHAOS_SEED` change it.
 */

const options = readChaosOptions(process.env);
const result = await runChaos(options, (line) => process.stderr.write(`${line}\n`));
process.stdout.write(`\n${tableOf(options, result)}`);
process.exitCode = result.faults.length === 0 ? 0 : 1;

import type { RedisKeys } from "./redis-keys.js";
import type { Script, ScriptRunner } from "./script-runner.js";

/** KEYS: epoch. ARGV: a new one. Returns the epoch that is there, or the new one if there was none. */
const EPOCH: Script = {
  source: `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`,
};

/** How long after a loss of data running syncs may be missing, in ms: their owners add them again. */
const RECOVERY_MS = 10_000;

/** Notices that Redis has lost its data: by a random value that it keeps, and that is another one afterwards. */
export class RedisEpoch {
  readonly #scripts: ScriptRunner;
  readonly #key: string;
  #last: string | null = null;
  /** When another one was seen; monotonic clock. */
  #changedAt = Number.NEGATIVE_INFINITY;

  readonly #onLoss: () => void;

  constructor(scripts: ScriptRunner, { epoch }: RedisKeys, onLoss: () => void) {
    this.#scripts = scripts;
    this.#key = epoch;
    this.#onLoss = onLoss;
  }

  /** Takes note of the present one. To be called now and then: what was never seen cannot be missed. */
  async look(signal?: AbortSignal): Promise<void> {
    const epoch = String(await this.#scripts.run(EPOCH, [this.#key], [crypto.randomUUID()], signal));
    const isLoss = this.#last !== null && this.#last !== epoch;
    this.#last = epoch;
    if (!isLoss) return;
    this.#changedAt = performance.now();
    this.#onLoss();
  }

  async isRecovering(signal?: AbortSignal): Promise<boolean> {
    await this.look(signal);
    return performance.now() - this.#changedAt < RECOVERY_MS;
  }
}

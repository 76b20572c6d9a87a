/**
 * Lets one job at a time run under a key: a job that ignores its signal keeps its slot until it returns, so that
 * starting and cancelling again and again piles up no jobs.
 */
export class JobSlots {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `job` when those before it under the key have returned. Rejects with what the job throws. */
  async run(key: string, job: () => Promise<void>): Promise<void> {
    const before = this.#last.get(key);
    const returned = before === undefined ? Promise.resolve().then(job) : before.then(job);
    const settled = returned.catch(() => {});
    this.#last.set(key, settled);
    try {
      await returned;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}

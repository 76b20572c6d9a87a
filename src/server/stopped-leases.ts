/** The lease of a running sync as it was seen in a store: its value changes whenever its owner renews it. */
export interface SeenLease {
  readonly key: string;
  readonly value: string;
}

/**
 * Decides which leases have stopped, without any clock but the local monotonic one: a lease has stopped if it was seen
 * unchanged for two lease times by somebody who kept looking. A gap in the looks (this process was suspended, the store
 * was away) begins anew, because the owners may have been suspended just as long.
 */
export class StoppedLeases {
  #seen = new Map<string, { readonly value: string; readonly since: number }>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** The keys of those that have stopped. `leases` are those of all running syncs. */
  look(leases: readonly SeenLease[], leaseMs: number): readonly string[] {
    const now = performance.now();
    const before = now - this.#lookedAt > leaseMs ? new Map<string, never>() : this.#seen;
    this.#lookedAt = now;
    this.#seen = new Map(
      leases.map(({ key, value }) => {
        const seen = before.get(key);
        return [key, seen?.value === value ? seen : { value, since: now }];
      }),
    );
    return leases.map(({ key }) => key).filter((key) => now - (this.#seen.get(key)?.since ?? now) >= 2 * leaseMs);
  }
}

import type { Scope } from "../scope.js";
import { StoppedLeases } from "../stopped-leases.js";
import type { Claim, HeldSync } from "../sync-store.js";
import { GRANT, OLDEST, RELEASE, RENEW, TAKE } from "./lease-scripts.js";
import { memberOf, type RedisKeys } from "./redis-keys.js";
import { asList, asRows } from "./replies.js";
import type { ScriptRunner } from "./script-runner.js";

/** A lease of somebody else that was taken, under a fence that nobody has had. */
export interface TakenLease {
  /** Names the sync, as `memberOf` does. */
  readonly member: string;
  readonly claim: Claim;
}

/** How many leases are looked at. Those that have stopped are the oldest, so that they are among them. */
const LOOKED_AT = 1_000;

/**
 * The leases of all running syncs, in one sorted set: a process renews all of its own in one step. They are apart from
 * the syncs, on another node of a cluster maybe: a lease is granted before its sync is created or claimed, so that no
 * running sync is without one.
 */
export class RedisLeases {
  readonly #scripts: ScriptRunner;
  readonly #keys: readonly [string, string];
  readonly #stopped = new StoppedLeases();

  constructor(scripts: ScriptRunner, { leases, owners }: RedisKeys) {
    this.#scripts = scripts;
    this.#keys = [leases, owners];
  }

  /** Returns whether the claim's fence is higher than that of the lease. */
  async grant(scope: Scope, syncId: string, { ownerId, fence }: Claim, signal?: AbortSignal): Promise<boolean> {
    return (await this.#scripts.run(GRANT, this.#keys, [memberOf(scope, syncId), ownerId, fence], signal)) === 1;
  }

  /** Removes a lease; with a claim only if it is still that. What is left behind is removed by whoever takes it. */
  async release(member: string, claim: Claim | null): Promise<void> {
    const held = claim === null ? "" : toText(claim);
    await this.#scripts.run(RELEASE, this.#keys, [member, held]).catch(() => {});
  }

  /** Returns those of which this owner has no lease. */
  async renew(ownerId: string, held: readonly HeldSync[], signal?: AbortSignal): Promise<readonly HeldSync[]> {
    const members = held.map(({ scope, syncId }) => memberOf(scope, syncId));
    const others = new Set(
      asList(await this.#scripts.run(RENEW, this.#keys, [ownerId, ...members], signal)).map(Number),
    );
    return held.filter((_, index) => others.has(index));
  }

  /** Takes leases that have stopped, each for one caller. */
  async take(ownerId: string, leaseMs: number, limit: number, signal?: AbortSignal): Promise<readonly TakenLease[]> {
    const oldest = asRows(asList(await this.#scripts.run(OLDEST, this.#keys, [LOOKED_AT], signal)), 3);
    const seen = oldest.map(([member, time, held]) => ({
      key: String(member),
      value: `${time} ${held}`,
      time: String(time),
      held: String(held),
    }));
    const stopped = new Set(this.#stopped.look(seen, leaseMs));
    const expired = seen.filter(({ key }) => stopped.has(key)).slice(0, limit);
    const taken = await Promise.all(
      expired.map(async ({ key, time, held }) => {
        const claim = { ownerId, fence: Number.parseInt(held, 10) + 1 };
        const isTaken = await this.#scripts.run(TAKE, this.#keys, [key, time, held, toText(claim)], signal);
        return isTaken === 1 ? [{ member: key, claim }] : [];
      }),
    );
    return taken.flat();
  }
}

function toText({ ownerId, fence }: Claim): string {
  return `${fence} ${ownerId}`;
}

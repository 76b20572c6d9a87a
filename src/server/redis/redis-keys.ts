import { keyOf, type Scope } from "../scope.js";

/**
 * The keys of a store. All that belongs to a scope has one hash tag, so that it is on one node of a cluster and one
 * script can change it; what is of all scopes has another.
 */
export class RedisKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The syncs of all processes, by the time of their last renewal. */
  get leases(): string {
    return this.#ofAll("leases");
  }
  /** Fence and owner of each lease. */
  get owners(): string {
    return this.#ofAll("owners");
  }
  /** Ended syncs, by the time of their end. */
  get ended(): string {
    return this.#ofAll("ended");
  }
  /** A random value: another one if Redis has lost its data. */
  get epoch(): string {
    return this.#ofAll("epoch");
  }
  /** Scopes that have notices of a kind, by the time the next one is due. */
  outbox(kind: string): string {
    return this.#ofAll(`outbox:${escaped(kind)}`);
  }

  /** The keys of one sync. */
  sync(scope: Scope, syncId: string) {
    const id = escaped(syncId);
    return {
      record: this.#ofScope(scope, `s:${id}`),
      failures: this.#ofScope(scope, `f:${id}`),
      log: this.#ofScope(scope, `l:${id}`),
    };
  }

  /** The keys of a scope. */
  scope(scope: Scope) {
    return {
      /** The id of the running sync of each connector type. */
      running: this.#ofScope(scope, "running"),
      /** All syncs, by the order of their creation. */
      index: this.#ofScope(scope, "index"),
      /** Those that have ended, by the same order. */
      ended: this.#ofScope(scope, "ended"),
      /** Ids of notices of a kind, by the time they are due. */
      due: (kind: string) => this.#ofScope(scope, `due:${escaped(kind)}`),
      notices: this.#ofScope(scope, "notices"),
      /** How often each notice was claimed. */
      tries: this.#ofScope(scope, "tries"),
      channel: this.#ofScope(scope, "changes"),
    };
  }

  #ofAll(name: string): string {
    return `${this.#prefix}:{all}:${name}`;
  }

  #ofScope({ tenantId, userId }: Scope, name: string): string {
    return `${this.#prefix}:{${escaped(tenantId)}:${escaped(userId)}}:${name}`;
  }
}

/** Names a sync among those of all scopes. */
export function memberOf(scope: Scope, syncId: string): string {
  return JSON.stringify([keyOf(scope), syncId]);
}

/** Text without the characters that have a meaning in keys; different texts stay different. */
function escaped(text: string): string {
  // As JSON first: half a character cannot be encoded by itself.
  return encodeURIComponent(JSON.stringify(text).slice(1, -1));
}

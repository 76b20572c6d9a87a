import { keyOf, type Scope } from "../scope.js";
import { scopeOfKey } from "../stored-snapshot.js";
import type { NewNotice, Notice } from "../sync-store.js";
import { ANNOUNCE, CLAIM_NOTICES, DUE_SCOPES, POSTPONE, SETTLE } from "./outbox-scripts.js";
import type { RedisDriver } from "./redis-driver.js";
import type { RedisKeys } from "./redis-keys.js";
import { asList, asRows, asText, asTexts } from "./replies.js";
import type { ScriptRunner } from "./script-runner.js";

/** How long a process may take from the announcement of notices to the write that adds them, in ms. */
const GRACE_MS = 60_000;

/**
 * Notices are kept with the syncs of their scope, so that the write that ends a sync adds them in the same step; which
 * scopes have some is kept once for all.
 */
export class RedisOutbox {
  readonly #driver: RedisDriver;
  readonly #scripts: ScriptRunner;
  readonly #keys: RedisKeys;

  constructor(driver: RedisDriver, scripts: ScriptRunner, keys: RedisKeys) {
    this.#driver = driver;
    this.#scripts = scripts;
    this.#keys = keys;
  }

  /** To be called before the write that adds notices. */
  async announce(scope: Scope, notices: readonly NewNotice[], signal?: AbortSignal): Promise<void> {
    const outboxes = new Set(notices.map(({ kind }) => this.#keys.outbox(kind)));
    await Promise.all([...outboxes].map((outbox) => this.#scripts.run(ANNOUNCE, [outbox], [keyOf(scope)], signal)));
  }

  async claim(kind: string, leaseMs: number, limit: number, signal?: AbortSignal): Promise<readonly Notice[]> {
    const outbox = this.#keys.outbox(kind);
    const due = await this.#scripts.run(DUE_SCOPES, [outbox], [limit], signal);
    const claimed: Notice[] = [];
    for (const [key = "", time = ""] of asRows(asTexts(due), 2)) {
      if (claimed.length >= limit) break;
      const scopeKeys = this.#keysOf(scopeOfKey(String(key)), kind);
      const reply = asList(
        await this.#scripts.run(CLAIM_NOTICES, scopeKeys, [leaseMs, limit - claimed.length], signal),
      );
      for (const [id, tries, text] of asRows(reply.slice(1), 3)) {
        claimed.push({ ...noticeFromText(String(text)), id: String(id), tries: Number(tries) });
      }
      await this.#scripts.run(
        POSTPONE,
        [outbox],
        [String(key), String(time), asText(reply[0]) ?? "", GRACE_MS],
        signal,
      );
    }
    return claimed;
  }

  async settle(id: string, result: "done" | { readonly dueAt: number }, signal?: AbortSignal): Promise<void> {
    const key = readNoticeId(id);
    if (key === null) return;
    const { scope, kind } = key;
    const dueAt = result === "done" ? "" : String(result.dueAt);
    const isThere = await this.#scripts.run(SETTLE, this.#keysOf(scope, kind), [id, dueAt], signal);
    const outbox = this.#keys.outbox(kind);
    // Only ever earlier: another notice of the scope may be due before.
    if (isThere === 1) await this.#driver.command(outbox, ["ZADD", outbox, "LT", dueAt, keyOf(scope)], signal);
  }

  #keysOf(scope: Scope, kind: string): [string, string, string] {
    const { due, notices, tries } = this.#keys.scope(scope);
    return [due(kind), notices, tries];
  }
}

/** A notice as the script that adds it reads it: its id, which names scope and kind, itself, and whether it is on request. */
export function noticeToTexts(scope: Scope, syncId: string, notice: NewNotice): readonly string[] {
  const { kind, payload, isOnRequest = false } = notice;
  const id = JSON.stringify([keyOf(scope), syncId, kind]);
  return [id, JSON.stringify({ kind, payload, syncId }), isOnRequest ? "1" : "0"];
}

function noticeFromText(text: string): Pick<Notice, "kind" | "payload" | "syncId"> {
  const { kind, payload, syncId }: Readonly<Record<string, unknown>> = JSON.parse(text);
  return { kind: String(kind), payload: String(payload), syncId: String(syncId) };
}

/** `null` for an id that is none of ours. */
function readNoticeId(id: string): { readonly scope: Scope; readonly kind: string } | null {
  try {
    const [key, , kind]: unknown[] = JSON.parse(id);
    return { scope: scopeOfKey(String(key)), kind: String(kind) };
  } catch {
    return null;
  }
}

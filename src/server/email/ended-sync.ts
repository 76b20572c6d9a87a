import { decodeSnapshot } from "../../protocol/decode-snapshot.js";
import { decodeJson, isObject } from "../../protocol/decoding.js";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import type { Scope } from "../scope.js";

/** A sync that has ended, as a notice in the outbox has it. */
export interface EndedSync {
  readonly scope: Scope;
  /** The last one. */
  readonly snapshot: SyncSnapshot;
}

/** Reads the payload of a notice; `null` if it is none of ours. */
export function readEndedSync(payload: string): EndedSync | null {
  const json = decodeJson(payload);
  if (!json.ok || !isObject(json.value) || !isObject(json.value.scope)) return null;
  const { tenantId, userId } = json.value.scope;
  const snapshot = decodeSnapshot(json.value.snapshot);
  if (typeof tenantId !== "string" || typeof userId !== "string" || !snapshot.ok) return null;
  return { scope: { tenantId, userId }, snapshot: snapshot.value };
}

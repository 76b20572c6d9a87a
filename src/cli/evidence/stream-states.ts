import { decodeSnapshot } from "../../protocol/decode-snapshot.js";
import { type DecodeProblem, decodeJson, isObject, type JsonObject } from "../../protocol/decoding.js";
import { HEARTBEAT_EVENT, SNAPSHOT_EVENTS } from "../../protocol/events.js";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import type { Exchange } from "../http/exchange.js";
import { readJson } from "../http/read-json.js";
import type { StreamItem } from "../http/read-stream.js";

/** A snapshot as it came, and what the client reads of it. */
export interface State {
  /** ms on a monotonic clock. */
  readonly atMs: number;
  /** The name of the event; empty in a response. */
  readonly name: string;
  readonly id: string | null;
  readonly json: JsonObject;
  readonly snapshot: SyncSnapshot;
}

/** An event that pages take for a snapshot and cannot read. */
export interface UnreadableEvent {
  readonly name: string;
  readonly data: string;
  readonly problem: DecodeProblem;
}

/** The events that pages take for snapshots; older backends may leave them unnamed. */
const PAGE_EVENTS: readonly string[] = ["message", ...SNAPSHOT_EVENTS];

/** Whether pages listen to an event of this name as to a snapshot. */
export function isPageEvent(name: string): boolean {
  return PAGE_EVENTS.includes(name);
}

/** The states that a page gets from a stream, in their order. */
export function statesOf(items: readonly StreamItem[]): readonly State[] {
  return items.flatMap((item) => (item.kind === "event" && isPageEvent(item.name) ? (readState(item) ?? []) : []));
}

/** The events that a page would take for a snapshot and cannot read. */
export function unreadableOf(items: readonly StreamItem[]): readonly UnreadableEvent[] {
  return items.flatMap((item) => {
    if (item.kind !== "event" || !isPageEvent(item.name)) return [];
    const json = decodeJson(item.data);
    const decoded = json.ok ? decodeSnapshot(json.value) : json;
    return decoded.ok ? [] : [{ name: item.name, data: item.data, problem: decoded.problem }];
  });
}

/** The state in an event of any name; `null` if there is none. */
export function readState(item: StreamItem): State | null {
  if (item.kind !== "event" || item.name === HEARTBEAT_EVENT) return null;
  const json = decodeJson(item.data);
  return json.ok ? toState(json.value, item.atMs, item.name, item.id) : null;
}

/** The state in a response of the snapshot endpoint; `null` if there is none. */
export function stateOfResponse(response: Exchange): State | null {
  if (response.head?.status !== 200) return null;
  const json = readJson(response);
  const progress = isObject(json) && "progress" in json ? json.progress : json;
  return toState(progress, response.sentAtMs + response.durationMs, "", null);
}

function toState(json: unknown, atMs: number, name: string, id: string | null): State | null {
  const decoded = decodeSnapshot(json);
  return decoded.ok && isObject(json) ? { atMs, name, id, json, snapshot: decoded.value } : null;
}

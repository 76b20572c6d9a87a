import type { Attributes, Meter } from "@opentelemetry/api";
import type { ServiceEvent } from "../service-event.js";

/** Bounds of the buckets of how long syncs take, in s: from an instant to a night. */
const SYNC_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400];
/** Bounds of the buckets of how long calls to the store take, in s. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Bounds of the buckets of how long attempts to send a mail take, in s. */
const EMAIL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const EMAIL_RESULTS = { "email-sent": "sent", "email-failed": "failed", "email-given-up": "given_up" } as const;

/** Makes metrics of events. Returns what is to be called with each of them. */
export function createSyncMetrics(meter: Meter): (event: ServiceEvent) => void {
  const started = meter.createCounter("sync_progress.sync.started", {
    unit: "{sync}",
    description: "Syncs that this process has begun to run.",
  });
  const active = meter.createUpDownCounter("sync_progress.sync.active", {
    unit: "{sync}",
    description: "Syncs that this process runs.",
  });
  const duration = meter.createHistogram("sync_progress.sync.duration", {
    unit: "s",
    description: "How long ended syncs took. One of all processes reports each.",
    advice: { explicitBucketBoundaries: SYNC_SECONDS },
  });
  const items = meter.createCounter("sync_progress.sync.items", {
    unit: "{item}",
    description: "Items of ended syncs.",
  });
  const leases = meter.createCounter("sync_progress.lease.changes", {
    unit: "{sync}",
    description: "Syncs that were taken from this process (lost), or by it from one that is gone (taken_over).",
  });
  const streams = meter.createUpDownCounter("sync_progress.stream.active", {
    unit: "{stream}",
    description: "Open streams.",
  });
  const streamsClosed = meter.createCounter("sync_progress.stream.closed", {
    unit: "{stream}",
    description: "Streams that were closed, by reason.",
  });
  const sent = meter.createCounter("sync_progress.stream.events", {
    unit: "{event}",
    description: "Events that were written to readers.",
  });
  const coalesced = meter.createCounter("sync_progress.stream.coalesced", {
    unit: "{event}",
    description: "Events that a newer one has replaced before their reader could take them.",
  });
  const storeCalls = meter.createHistogram("sync_progress.store.operation.duration", {
    unit: "s",
    description: "How long calls to the store took.",
    advice: { explicitBucketBoundaries: STORE_SECONDS },
  });
  const emails = meter.createHistogram("sync_progress.email.duration", {
    unit: "s",
    description: "How long attempts to send a mail took, by result.",
    advice: { explicitBucketBoundaries: EMAIL_SECONDS },
  });

  return (event) => {
    switch (event.event) {
      case "run-started":
        started.add(1, typeOf(event));
        active.add(1, typeOf(event));
        break;
      case "run-ended":
        active.add(-1, typeOf(event));
        break;
      case "sync-ended": {
        const { result, errorCode, processedItems, failedItems, durationMs } = event;
        const type = typeOf(event);
        duration.record(durationMs / 1_000, { ...type, "sync_progress.result": result, ...errorOf(errorCode) });
        items.add(processedItems, { ...type, "sync_progress.item.result": "processed" });
        items.add(failedItems, { ...type, "sync_progress.item.result": "failed" });
        break;
      }
      case "lease-lost":
        leases.add(1, { ...typeOf(event), "sync_progress.lease.change": "lost" });
        break;
      case "sync-taken-over":
        leases.add(1, { ...typeOf(event), "sync_progress.lease.change": "taken_over" });
        break;
      case "store-call":
        storeCalls.record(event.durationMs / 1_000, {
          "sync_progress.store.operation": event.operation,
          ...errorOf(event.errorType),
        });
        break;
      case "stream-opened":
        streams.add(1, { "sync_progress.stream.kind": event.kind });
        break;
      case "stream-closed":
        streams.add(-1, { "sync_progress.stream.kind": event.kind });
        streamsClosed.add(1, { "sync_progress.stream.kind": event.kind, "sync_progress.stream.reason": event.reason });
        break;
      case "events-sent":
        sent.add(event.delivered);
        coalesced.add(event.coalesced);
        break;
      case "email-sent":
      case "email-failed":
      case "email-given-up":
        emails.record(event.durationMs / 1_000, { "sync_progress.email.result": EMAIL_RESULTS[event.event] });
        break;
      case "state-changed":
        break;
      default:
        event satisfies never;
    }
  };
}

function typeOf({ connectorType }: { readonly connectorType: string }): Attributes {
  return { "sync_progress.connector.type": connectorType };
}

/** As semantic conventions have it: `error.type` is there only if something failed. */
function errorOf(type: string | null): Attributes {
  return type === null ? {} : { "error.type": type };
}

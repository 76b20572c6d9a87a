import { context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { SyncObserver } from "../observers.js";
import type { ServiceEvent } from "../service-event.js";

/**
 * Makes a span of each run of a sync. Its parent is what was current when the sync was started, such as the span of the
 * request; what the job does belongs to it.
 */
export function createSyncSpans(tracer: Tracer): Required<SyncObserver> {
  const spans = new Map<string, Span>();

  function onEvent(event: ServiceEvent): void {
    if (event.event === "run-started") {
      const attributes = {
        "sync_progress.sync.id": event.syncId,
        "sync_progress.connector.type": event.connectorType,
      };
      spans.set(event.syncId, tracer.startSpan(`sync ${event.connectorType}`, { attributes }));
    }
    if (event.event === "lease-lost") spans.get(event.syncId)?.addEvent("lease lost");
    if (event.event !== "run-ended") return;
    const span = spans.get(event.syncId);
    spans.delete(event.syncId);
    if (span === undefined) return;
    if (event.result !== null) span.setAttribute("sync_progress.result", event.result);
    if (event.errorCode !== null) span.setAttribute("error.type", event.errorCode);
    if (event.result === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }

  return {
    onEvent,
    runJob({ syncId }, job) {
      const span = spans.get(syncId);
      return span === undefined ? job() : context.with(trace.setSpan(context.active(), span), job);
    },
  };
}

import { type MeterProvider, metrics, type TracerProvider, trace } from "@opentelemetry/api";
import type { SyncObserver } from "../observers.js";
import { createSyncMetrics } from "./sync-metrics.js";
import { createSyncSpans } from "./sync-spans.js";

/** Options of {@link createOpenTelemetryObserver}. */
export interface OpenTelemetryObserverOptions {
  /** Where metrics go. Default the global one; `null` for no metrics. */
  readonly meterProvider?: MeterProvider | null;
  /** Where spans go. Default the global one; `null` for no spans. */
  readonly tracerProvider?: TracerProvider | null;
}

/** The name of the meter and the tracer. */
const SCOPE = "react-sync-progress";

/**
 * Makes metrics and spans of what a service and its mails report. Neither holds anything of a person; the id of a sync is on
 * spans only.
 *
 * @example
 * const observers = [createOpenTelemetryObserver()];
 * const service = createSyncService({ store, observers });
 */
export function createOpenTelemetryObserver(options: OpenTelemetryObserverOptions = {}): SyncObserver {
  const { meterProvider = metrics, tracerProvider = trace } = options;
  const measure = meterProvider === null ? null : createSyncMetrics(meterProvider.getMeter(SCOPE));
  const spans = tracerProvider === null ? null : createSyncSpans(tracerProvider.getTracer(SCOPE));
  return {
    onEvent(event) {
      measure?.(event);
      spans?.onEvent(event);
    },
    ...(spans === null ? {} : { runJob: spans.runJob }),
  };
}

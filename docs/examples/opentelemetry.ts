import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { ConsoleSpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createSyncService } from "react-sync-progress/server";
import { createOpenTelemetryObserver } from "react-sync-progress/server/opentelemetry";

/** A service whose metrics and spans are printed. With the SDK of your application, give no providers: it registers its own. */
export function createPrintedService() {
  const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const printer = new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() });
  const tracerProvider = new TracerProvider({ spanProcessors: [printer] });
  const service = createSyncService({ observers: [createOpenTelemetryObserver({ meterProvider, tracerProvider })] });
  return {
    service,
    async end() {
      await service.drain();
      await meterProvider.shutdown();
      await tracerProvider.shutdown();
    },
  };
}

import { context, metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createOpenTelemetryObserver } from "../../../src/server/opentelemetry/open-telemetry-observer.js";
import type { ServiceEvent } from "../../../src/server/service-event.js";
import { SyncJobError } from "../../../src/server/sync-job-error.js";
import { createSyncRoutes } from "../../../src/server/sync-routes.js";
import { readStream } from "../../support/read-stream.js";
import { serveFetch } from "../../support/serve-fetch.js";
import { ada, startIn } from "../a-job.js";
import { createAsyncContextManager } from "./async-context.js";

beforeAll(() => void context.setGlobalContextManager(createAsyncContextManager()));
afterAll(() => context.disable());

/** An observer whose metrics and spans are kept in memory. */
function anObserver() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const observer = createOpenTelemetryObserver({
    meterProvider: new MeterProvider({ readers: [reader] }),
    tracerProvider,
  });
  /** All metrics by name: unit, and each value with its attributes (of a histogram its sum). */
  async function collect() {
    exporter.reset();
    await reader.forceFlush();
    const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: list }) => list));
    return new Map(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        {
          unit: descriptor.unit,
          points: dataPoints.map(({ attributes, value }) => ({
            attributes,
            value: typeof value === "number" ? value : (value.sum ?? 0),
            count: typeof value === "number" ? null : value.count,
          })),
        },
      ]),
    );
  }
  return { observer, collect, spans, tracer: tracerProvider.getTracer("test") };
}

const TYPE = { "sync_progress.connector.type": "gmail" };

describe("metrics", () => {
  it("count syncs, their items, results and seconds", async () => {
    const { observer, collect } = anObserver();
    const service = createSyncService({ observers: [observer] });
    const running = await startIn(service, { connectorType: "slack" });
    const complete = await startIn(service);
    complete.run.advance({ count: 3 });
    complete.run.fail({ item: "a", reason: "b" });
    complete.finish();
    await complete.settled;
    const failed = await startIn(service);
    failed.crash(new SyncJobError("No quota left.", { code: "quota" }));
    await failed.settled;

    const collected = await collect();
    expect(collected.get("sync_progress.sync.started")).toMatchObject({
      unit: "{sync}",
      points: [
        { attributes: { "sync_progress.connector.type": "slack" }, value: 1 },
        { attributes: TYPE, value: 2 },
      ],
    });
    expect(collected.get("sync_progress.sync.active")?.points).toMatchObject([{ value: 1 }, { value: 0 }]);
    expect(collected.get("sync_progress.sync.duration")).toMatchObject({
      unit: "s",
      points: [
        { attributes: { ...TYPE, "sync_progress.result": "partly_failed" }, count: 1 },
        { attributes: { ...TYPE, "sync_progress.result": "failed", "error.type": "quota" }, count: 1 },
      ],
    });
    expect(collected.get("sync_progress.sync.items")?.points).toMatchObject([
      { attributes: { ...TYPE, "sync_progress.item.result": "processed" }, value: 3 },
      { attributes: { ...TYPE, "sync_progress.item.result": "failed" }, value: 1 },
    ]);
    running.finish();
    await running.settled;
  });

  it("count streams and what they sent, and measure the store", async () => {
    const { observer, collect } = anObserver();
    const service = createSyncService({ observers: [observer] });
    const routes = createSyncRoutes({ service, integrations: [], authenticate: () => ada });
    const server = await serveFetch(routes.fetch);
    const { syncId, finish } = await startIn(service);
    const reader = await readStream(`${server.url}/api/sync-progress/${syncId}/stream`);
    expect((await collect()).get("sync_progress.stream.active")?.points).toEqual([
      { attributes: { "sync_progress.stream.kind": "sync" }, value: 1, count: null },
    ]);
    finish();
    await reader.closed;
    await server.close();
    const collected = await collect();
    expect(collected.get("sync_progress.stream.active")?.points).toMatchObject([{ value: 0 }]);
    expect(collected.get("sync_progress.stream.closed")?.points).toMatchObject([
      { attributes: { "sync_progress.stream.kind": "sync", "sync_progress.stream.reason": "ended" }, value: 1 },
    ]);
    expect(collected.get("sync_progress.stream.events")).toMatchObject({ unit: "{event}", points: [{ value: 2 }] });
    const calls = collected.get("sync_progress.store.operation.duration");
    expect(calls?.unit).toBe("s");
    expect(calls?.points).toContainEqual({
      attributes: { "sync_progress.store.operation": "create" },
      value: expect.any(Number),
      count: 1,
    });
  });

  it("take every event there is, in seconds, and none has more than a few attributes", async () => {
    const { observer, collect } = anObserver();
    const sync = { syncId: "sync-1", connectorType: "gmail" };
    const email = { syncId: "sync-1", tries: 1, durationMs: 250 };
    const events: ServiceEvent[] = [
      { level: "warn", event: "lease-lost", ...sync },
      { level: "warn", event: "sync-taken-over", ...sync },
      { level: "warn", event: "store-call", operation: "write", durationMs: 1_500, errorType: "StoreTimeoutError" },
      { level: "debug", event: "events-sent", delivered: 5, coalesced: 2 },
      { level: "info", event: "state-changed", state: "draining" },
      { level: "info", event: "email-sent", ...email },
      { level: "warn", event: "email-failed", ...email },
      { level: "error", event: "email-given-up", ...email },
    ];
    for (const event of events) observer.onEvent?.(event);
    const collected = await collect();
    const pointsOf = (name: string) => collected.get(name)?.points;
    expect(pointsOf("sync_progress.lease.changes")).toMatchObject([
      { attributes: { ...TYPE, "sync_progress.lease.change": "lost" }, value: 1 },
      { attributes: { ...TYPE, "sync_progress.lease.change": "taken_over" }, value: 1 },
    ]);
    expect(pointsOf("sync_progress.store.operation.duration")).toMatchObject([
      { attributes: { "sync_progress.store.operation": "write", "error.type": "StoreTimeoutError" }, value: 1.5 },
    ]);
    expect(pointsOf("sync_progress.stream.coalesced")).toMatchObject([{ value: 2 }]);
    expect(pointsOf("sync_progress.email.duration")).toMatchObject(
      ["sent", "failed", "given_up"].map((result) => ({
        attributes: { "sync_progress.email.result": result },
        value: 0.25,
      })),
    );
    expect(JSON.stringify([...collected])).not.toContain("sync-1");
  });
});

describe("spans", () => {
  it("are one a run, within the request that started it, and what the job does is within it", async () => {
    const { observer, spans, tracer } = anObserver();
    const service = createSyncService({ observers: [observer] });
    const request = tracer.startSpan("POST /api/integrations/:type/sync");
    const { syncId, settled } = await context.with(trace.setSpan(context.active(), request), () =>
      service.run(
        ada,
        async (run) => {
          await run.checkpoint();
          tracer.startSpan("fetch mails").end();
          await run.checkpoint();
        },
        { connectorType: "gmail" },
      ),
    );
    request.end();
    await settled;
    const [fetched, , run] = spans.getFinishedSpans().toSorted((a, b) => a.name.localeCompare(b.name));
    expect(run?.name).toBe("sync gmail");
    expect(run?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(fetched?.name).toBe("fetch mails");
    expect(fetched?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(run?.attributes).toEqual({ "sync_progress.sync.id": syncId, ...TYPE, "sync_progress.result": "complete" });
    expect(run?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it("of a run that failed have an error with its code, and never its message", async () => {
    const { observer, spans } = anObserver();
    const service = createSyncService({ observers: [observer], onError: () => {} });
    const { crash, settled } = await startIn(service);
    crash(new Error("ada@example.com"));
    await settled;
    const [span] = spans.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ "sync_progress.result": "failed", "error.type": "internal" });
    expect(JSON.stringify([span?.attributes, span?.events])).not.toContain("ada@");
  });

  it("say that the lease was lost", async () => {
    const { observer, spans } = anObserver();
    const sync = { syncId: "sync-1", connectorType: "gmail" };
    observer.onEvent?.({ level: "info", event: "run-started", ...sync });
    observer.onEvent?.({ level: "warn", event: "lease-lost", ...sync });
    observer.onEvent?.({ level: "debug", event: "run-ended", ...sync, result: null, errorCode: null, durationMs: 1 });
    expect(spans.getFinishedSpans()).toMatchObject([{ name: "sync gmail", events: [{ name: "lease lost" }] }]);
  });
});

describe("an observer", () => {
  it("uses the global providers, which do nothing without an SDK", async () => {
    const service = createSyncService({ observers: [createOpenTelemetryObserver()] });
    const { finish, settled } = await startIn(service);
    finish();
    expect((await settled).status).toBe("complete");
  });

  it("makes no metrics or spans if there is no provider for them", () => {
    const spansOnly = createOpenTelemetryObserver({ meterProvider: null });
    const metricsOnly = createOpenTelemetryObserver({ meterProvider: metrics, tracerProvider: null });
    expect(spansOnly.runJob).toBeDefined();
    expect(metricsOnly.runJob).toBeUndefined();
  });
});

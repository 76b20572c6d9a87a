export type { SyncObserver } from "./server/observers.js";
export {
  createOpenTelemetryObserver,
  type OpenTelemetryObserverOptions,
} from "./server/opentelemetry/open-telemetry-observer.js";

import type { Observers } from "./observers.js";
import type { SyncStore } from "./sync-store.js";

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The store, each call of which is reported when it has returned or was given up. The store itself if nobody observes. */
export function observeStore(store: SyncStore, observers: Observers): SyncStore {
  if (observers.isEmpty) return store;
  const observed = new Map<PropertyKey, Method>();
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      const call =
        observed.get(name) ?? observeMethod(String(name), (args) => Reflect.apply(method, target, args), observers);
      observed.set(name, call);
      return call;
    },
  });
}

function observeMethod(
  operation: string,
  call: (args: readonly unknown[]) => Promise<unknown>,
  observers: Observers,
): Method {
  return (...args) => {
    const report = createReport(operation, observers);
    const signal = args.find((arg) => arg instanceof AbortSignal);
    // A store that hangs never returns.
    const giveUp = () => report(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    const result = call(args);
    const returned = (error: unknown) => {
      signal?.removeEventListener("abort", giveUp);
      report(error);
    };
    result.then(() => returned(null), returned);
    return result;
  };
}

/** Reports a call once. */
function createReport(operation: string, observers: Observers): (error: unknown) => void {
  const startedAt = performance.now();
  let isReported = false;
  return (error) => {
    if (isReported) return;
    isReported = true;
    const errorType = error === null ? null : error instanceof Error ? error.name : typeof error;
    observers.onEvent({
      level: errorType === null ? "debug" : "warn",
      event: "store-call",
      operation,
      durationMs: performance.now() - startedAt,
      errorType,
    });
  };
}

import type { SyncStore } from "../../src/server/sync-store.js";

/** What becomes of one call: it fails before or after its effect, never responds, or does so late. */
export type Fault = "none" | "fail" | "lose-response" | "hang" | { readonly lateMs: number };

type Method = Exclude<keyof SyncStore, "close" | "isRecovering">;

/** A store whose calls go wrong as `chooseFault` says; it is given the method and its arguments. */
export function createFaultyStore(
  store: SyncStore,
  chooseFault: (method: Method, args: readonly unknown[]) => Fault,
): SyncStore {
  const methods: readonly Method[] = [
    "create",
    "get",
    "write",
    "setNotifyEmail",
    "restore",
    "claim",
    "list",
    "listFailures",
    "listLog",
    "watch",
    "command",
    "renew",
    "takeOver",
    "claimNotices",
    "settleNotice",
    "deleteEndedBefore",
  ];
  const faulty: SyncStore = { ...store };
  for (const method of methods) {
    Reflect.set(faulty, method, async (...args: readonly unknown[]) => {
      const fault = chooseFault(method, args);
      if (fault === "fail") throw new Error(`${method} failed`);
      if (fault === "hang") return new Promise(() => {});
      if (typeof fault === "object") await new Promise((resolve) => setTimeout(resolve, fault.lateMs));
      // What comes late comes although it was given up: the signal did not reach it in time.
      const given = typeof fault === "object" ? args.filter((arg) => !(arg instanceof AbortSignal)) : args;
      const result: unknown = await Reflect.apply(store[method], store, given);
      if (fault === "lose-response") throw new Error(`the response of ${method} was lost`);
      return result;
    });
  }
  return faulty;
}

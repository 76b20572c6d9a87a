import { createSyncService } from "../../../src/server/create-sync-service.js";
import { engineOf, openStore } from "./open-store.js";

/**
 * A server process on a store, for tests that kill it. Its orders come from its parent; what it reports is what
 * the store has acknowledged.
 */

const scope = { tenantId: "acme", userId: "ada" };
const { STORE_ENGINE: engine, STORE_AT: at = "", LEASE_MS: leaseMs = "300" } = process.env;

export type Order =
  | { readonly do: "run"; readonly type: string; readonly items: number }
  | { readonly do: "start-many"; readonly type: string; readonly count: number }
  | { readonly do: "cancel"; readonly syncId: string }
  | { readonly do: "write-forever"; readonly type: string }
  | { readonly do: "recover" };

export type Report =
  | { readonly is: "ready" }
  | { readonly is: "started"; readonly syncId: string }
  | { readonly is: "many"; readonly started: number; readonly refused: readonly string[] }
  | { readonly is: "cancelled"; readonly isDone: boolean }
  | { readonly is: "acknowledged"; readonly syncId: string; readonly seq: number; readonly processedItems: number }
  | { readonly is: "settled"; readonly syncId: string; readonly status: string };

const report = (message: Report) => void process.send?.(message);
const store = await openStore({ engine: engineOf(engine), at });
const service = createSyncService({
  store,
  leaseMs: Number(leaseMs),
  throttleMs: 5,
  // Long enough for a machine with much else to do: the owner is to obey.
  commandTimeoutMs: 15_000,
  onSettled: ({ snapshot }) => report({ is: "settled", syncId: snapshot.syncId, status: snapshot.status }),
  onError: (error) => void process.stderr.write(`${error}\n`),
});

const orders: Record<Order["do"], (order: never) => Promise<void>> = {
  async run({ type, items }: Extract<Order, { do: "run" }>) {
    const { syncId } = await service.run(
      scope,
      async (run) => {
        const first = typeof run.resumedFrom === "number" ? run.resumedFrom : 0;
        run.update({ status: "syncing", totalItems: items });
        for (let index = first; index < items; index += 1) {
          await run.checkpoint(index);
          await new Promise((resolve) => setTimeout(resolve, 2));
          run.advance({ item: `item ${index}` });
        }
      },
      { connectorType: type },
    );
    report({ is: "started", syncId });
  },
  async "start-many"({ type, count }: Extract<Order, { do: "start-many" }>) {
    const starts = Array.from({ length: count }, () =>
      service
        .run(scope, () => new Promise(() => {}), { connectorType: type })
        .then(
          () => "",
          (error: { syncId?: string }) => error.syncId ?? String(error),
        ),
    );
    const results = await Promise.all(starts);
    report({
      is: "many",
      started: results.filter((result) => result === "").length,
      refused: results.filter((result) => result !== ""),
    });
  },
  async cancel({ syncId }: Extract<Order, { do: "cancel" }>) {
    const result = await service.cancel(scope, syncId);
    report({ is: "cancelled", isDone: result?.isDone === true });
  },
  /** Writes as fast as it can, with a failed item each, and reports what was acknowledged. */
  async "write-forever"({ type }: Extract<Order, { do: "write-forever" }>) {
    const { syncId } = await service.create(scope, { connectorType: type });
    const record = await store.claim(scope, syncId, { ownerId: `writer ${process.pid}`, fence: 1 });
    if (record === null) throw new Error("not claimed");
    report({ is: "started", syncId });
    for (let order = 1; ; order += 1) {
      const snapshot = { ...record.snapshot, status: "syncing", processedItems: order, failedItems: order } as const;
      const failures = [{ item: `item ${order}`, reason: "broken", at: order }];
      const result = await store.write(scope, {
        writeId: `${order}`,
        order,
        snapshot,
        fence: 1,
        failures,
        checkpoint: `${order}`,
      });
      if (result.is !== "written") return;
      report({ is: "acknowledged", syncId, seq: result.seq, processedItems: order });
    }
  },
  async recover() {
    await service.recover();
  },
};

process.on("message", (order: Order) => void orders[order.do](order as never));
report({ is: "ready" });

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createPostgresStore, type PostgresStoreOptions } from "../../src/server/postgres/postgres-store.js";
import { eventually } from "../support/eventually.js";
import { ada, followIn, startIn } from "./a-job.js";
import { hasPgBouncer, startPgBouncer } from "./engines/pg-bouncer.js";
import { connectPostgres, hasPostgres, startPostgres } from "./engines/postgres-server.js";

describe.skipIf(!hasPostgres || !hasPgBouncer)(
  "Postgres behind PgBouncer in transaction mode",
  { timeout: 60_000 },
  () => {
    const closing: (() => unknown)[] = [];
    let urls: { readonly direct: string; readonly pooled: string };

    beforeEach(async () => {
      const postgres = await startPostgres();
      closing.push(() => postgres.remove());
      const bouncer = await startPgBouncer(postgres);
      closing.push(() => bouncer.remove());
      urls = { direct: postgres.url, pooled: bouncer.url };
    }, 60_000);
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    const aPool = (url: string) => {
      const pool = connectPostgres(url);
      closing.push(() => pool.end());
      return pool;
    };
    const aService = (options: Omit<PostgresStoreOptions, "pool"> = {}) => {
      const store = createPostgresStore({ pool: aPool(urls.pooled), ...options });
      const service = createSyncService({ store, storeTimeoutMs: 20_000 });
      closing.push(async () => {
        await service.close({ graceMs: 100 });
        await store.close();
      });
      return { store, service };
    };

    it("refuses to watch, and says what to do, instead of hearing nothing", async () => {
      const { store, service } = aService();
      await expect(store.watch(ada, { change: () => {}, gap: () => {} })).rejects.toThrow(
        /NOTIFY does not reach this process.*give createPostgresStore a listenPool/s,
      );
      // All else works.
      const { syncId } = await service.create(ada, { connectorType: "gmail" });
      expect((await service.list(ada, { active: true }, { limit: 10 })).records).toMatchObject([
        { snapshot: { syncId } },
      ]);
    });

    it("works with a listenPool that reaches Postgres itself", async () => {
      const [here, there] = [0, 1].map(() => aService({ listenPool: aPool(urls.direct) }).service);
      if (here === undefined || there === undefined) throw new Error("two services");
      const { syncId, run, settled, finish } = await startIn(there);
      const seen = await followIn(here, syncId);
      run.advance({ count: 3 });
      await eventually(() => expect(seen.at(-1)).toMatchObject({ processedItems: 3 }));
      finish();
      await settled;
      await eventually(() => expect(seen.at(-1)).toMatchObject({ status: "complete" }));
    });
  },
);

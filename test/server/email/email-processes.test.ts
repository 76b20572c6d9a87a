import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import type { SyncStore } from "../../../src/server/sync-store.js";
import { eventually } from "../../support/eventually.js";
import { type ChildProcessOf, startChild } from "../../support/start-child.js";
import { describeEngines, type EmptyEngine } from "../engines/describe-engines.js";
import { hasMailServer, type MailServer, startMailServer } from "../engines/mail-server.js";
import type { NotifierReport } from "../processes/notifier-process.js";
import { openStore } from "../processes/open-store.js";

const SYNCS = 30;

describe.skipIf(!hasMailServer)("processes that send mails", () => {
  describeEngines("of one store", (createEngine) => {
    let engine: EmptyEngine;
    let store: SyncStore;
    let mailServer: MailServer;
    const children: ChildProcessOf<never>[] = [];

    // Processes are slow to start on a machine that has much else to do.
    vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
    beforeEach(async () => {
      engine = await createEngine();
      store = await openStore(engine.address);
      mailServer = await startMailServer();
    });
    afterEach(async () => {
      for (const child of children.splice(0)) await child.kill();
      await mailServer.close();
      await store.close();
      await engine.remove();
    });

    function aNotifier(onReport: (report: NotifierReport) => void, env: Readonly<Record<string, string>> = {}) {
      const child = startChild<NotifierReport>(new URL("../processes/notifier-process.ts", import.meta.url), {
        env: {
          STORE_ENGINE: engine.address.engine,
          STORE_AT: engine.address.at,
          SMTP_HOST: "127.0.0.1",
          SMTP_PORT: String(mailServer.port),
          SMTP_FROM_EMAIL: "syncs@example.org",
          SMTP_CA: mailServer.ca,
          ...env,
        },
        onReport,
      });
      children.push(child);
      return child;
    }

    /** Resolves when it looks into the outbox. */
    const aReadyNotifier = (onDone: () => void) =>
      new Promise<void>((resolve) =>
        aNotifier(({ is }) => {
          if (is === "ready") resolve();
          if (is === "done") onDone();
        }),
      );

    /** Ends syncs of which mails are requested, each of another person. Returns the Message-IDs of the mails. */
    async function endSyncs(count: number): Promise<string[]> {
      const service = createSyncService({ store, notices: { email: { isRequestedByDefault: true } } });
      const ids = await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const scope = { tenantId: "acme", userId: `user-${index}` };
          const { syncId, settled } = await service.run(scope, async (run) => run.advance());
          await settled;
          return syncId;
        }),
      );
      await service.close();
      return ids.map((id) => `<${id}.email@example.org>`);
    }

    const sentIds = () => mailServer.mails.map(({ message }) => message.messageId);

    it("send one mail a sync together, over TLS", async () => {
      const doneBy = [0, 0, 0];
      await Promise.all(
        doneBy.map((_, index) =>
          aReadyNotifier(() => {
            doneBy[index] = (doneBy[index] ?? 0) + 1;
          }),
        ),
      );
      const ids: string[] = [];
      // Until each of them has sent some.
      while (Math.min(...doneBy) === 0 || ids.length < SYNCS) {
        ids.push(...(await endSyncs(SYNCS)));
        await eventually(() => expect(doneBy.reduce((sum, count) => sum + count)).toBe(ids.length));
      }
      expect(sentIds().sort()).toEqual(ids.sort());
      expect(mailServer.mails.every(({ isSecure }) => isSecure)).toBe(true);
      expect(await store.claimNotices("email", 1_000, 10)).toEqual([]);
    });

    it("send it once more, with the same Message-ID, if one is killed between the 250 of the mail server and its mark", async () => {
      const ids = await endSyncs(1);
      const sent = Promise.withResolvers<void>();
      const stopped = aNotifier(({ is }) => is === "sent" && sent.resolve(), { STOPS_BEFORE_MARK: "yes" });
      await sent.promise;
      await stopped.kill();
      expect(sentIds()).toEqual(ids);
      const onDone = vi.fn();
      await Promise.all([aReadyNotifier(onDone), aReadyNotifier(onDone)]);
      await eventually(() => expect(onDone).toHaveBeenCalledTimes(1));
      expect(sentIds()).toEqual([...ids, ...ids]);
      expect(await store.claimNotices("email", 1_000, 10)).toEqual([]);
    });
  });
});

import type { Endpoints } from "../../protocol/endpoints.js";
import { decodeIntegrations } from "../../protocol/integration.js";
import { decodeStartResponse } from "../../protocol/responses.js";
import { decodeSyncPage } from "../../protocol/sync-page.js";
import type { AddressEvidence, Evidence, SyncOrigin } from "./evidence.js";
import type { Recorder } from "./recorder.js";

/** Starts or chooses the sync that is examined. */
export async function recordStart(
  recorder: Recorder,
  found: NonNullable<AddressEvidence["found"]>,
): Promise<Pick<Evidence, "start" | "sync">> {
  const { sync } = recorder.target;
  if (sync.kind === "id") return { start: null, sync: { syncId: sync.syncId, isOurs: false } };
  if (sync.kind === "any") return { start: null, sync: await findSync(recorder, found) };
  recorder.onActivity(`Starting a sync of ${sync.type}`);
  const start = await recorder.post(found.endpoints.startSync(sync.type), {});
  const syncId = decodeStartResponse(start.body);
  const status = start.head?.status ?? 0;
  const isTaken = syncId.ok && ((status >= 200 && status < 300) || status === 409);
  return { start, sync: isTaken ? { syncId: syncId.value, isOurs: status !== 409 } : null };
}

/** A sync that runs, else one that has ended. */
async function findSync(
  recorder: Recorder,
  { list, integrations, endpoints }: NonNullable<AddressEvidence["found"]>,
): Promise<SyncOrigin | null> {
  const active = decodeSyncPage(list.body);
  const listed = decodeIntegrations(integrations.body);
  const syncId =
    (active.ok ? active.value.syncs[0]?.syncId : undefined) ??
    (listed.ok ? listed.value.find(({ activeSyncId }) => activeSyncId !== null)?.activeSyncId : undefined) ??
    (active.ok ? await findEnded(recorder, endpoints) : undefined);
  return syncId === undefined || syncId === null ? null : { syncId, isOurs: false };
}

async function findEnded(recorder: Recorder, endpoints: Endpoints): Promise<string | undefined> {
  const all = decodeSyncPage((await recorder.get(endpoints.syncs({ limit: 1 }))).body);
  return all.ok ? all.value.syncs[0]?.syncId : undefined;
}

import { SyncJobError, type SyncRequestContext, type SyncRun } from "react-sync-progress/server";
import type { DemoDocument, DocumentLibrary } from "../documents.js";
import { createYielder } from "../yielder.js";

/** Something that was read, and what it is called in the list of failures. */
export interface RawItem<Content> {
  readonly name: string;
  readonly content: Content;
}

/** The two halves of every connector of the demo: where its items come from, and how one is understood. */
export interface Connector<Ref, Content> {
  readonly source: string;
  readonly stages: { readonly syncing: string };
  /** Finds out what there is. Throws a `SyncJobError` where the source cannot be reached. */
  list(signal: AbortSignal): Promise<readonly Ref[]>;
  nameOf(ref: Ref): string;
  /** Throws where the item cannot be read. */
  read(ref: Ref): Promise<Content>;
  /** Throws where the item cannot be understood. */
  parse(item: RawItem<Content>): DemoDocument | Promise<DemoDocument>;
}

/** Where an interrupted sync continues: with which item of which phase. */
interface Place {
  readonly draft: string;
  readonly phase: "syncing" | "embedding";
  readonly next: number;
}

/**
 * Runs a connector: lists, reads and indexes. What cannot be read counts as failed with its reason. A sync that continues
 * an interrupted one goes on with the same draft.
 */
export async function syncConnector<Ref, Content>(
  connector: Connector<Ref, Content>,
  library: DocumentLibrary,
  run: SyncRun,
  { scope, onlyFailed }: SyncRequestContext,
): Promise<void> {
  const giveWay = createYielder();
  run.update({ status: "connecting", stage: "Connecting..." });
  const refs = new Map((await connector.list(run.signal)).map((ref) => [connector.nameOf(ref), ref]));
  const place = placeOf(run.resumedFrom);
  const names = onlyFailed?.map(({ item }) => item) ?? [...refs.keys()];
  const draft =
    place === null ? library.beginDraft(ownerOf(scope), connector.source, names) : library.openDraft(place.draft);
  if (draft === null) throw new SyncJobError("Another sync has begun since. Sync again.", { code: "outdated" });

  /** Does one step of the work for every item, from the place where an earlier sync was interrupted. */
  async function each<Item>(
    phase: Place["phase"],
    items: readonly Item[],
    nameOf: (item: Item) => string,
    work: (item: Item) => Promise<void> | void,
  ) {
    const first = place?.phase === phase ? place.next : 0;
    for (let next = first; next < items.length; next += 1) {
      const item = items[next];
      if (item === undefined) continue;
      await run.checkpoint({ draft: draft?.id, phase, next } satisfies Partial<Place>);
      const name = nameOf(item);
      try {
        await work(item);
        run.advance({ item: name });
      } catch (error) {
        run.fail({ item: name, reason: reasonOf(error) });
      }
      await giveWay();
    }
  }

  if (place?.phase !== "embedding") {
    run.update({ status: "syncing", stage: connector.stages.syncing, totalItems: draft.names.length });
    await each(
      "syncing",
      draft.names,
      (name) => name,
      async (name) => {
        const ref = refs.get(name);
        if (ref === undefined) throw new UnreadableItemError("It is no longer there.");
        draft.add(await connector.parse({ name, content: await connector.read(ref) }));
      },
    );
  }
  run.update({ status: "embedding", stage: "Building the index..." });
  await each("embedding", draft.documents(), String, (document) => void draft.index(document));
  draft.publish({ isWhole: onlyFailed === null });
}

function placeOf(data: unknown): Place | null {
  if (typeof data !== "object" || data === null || !("draft" in data && "phase" in data && "next" in data)) return null;
  const { draft, phase, next } = data;
  if (typeof draft !== "string" || typeof next !== "number") return null;
  return phase === "syncing" || phase === "embedding" ? { draft, phase, next } : null;
}

/** Whose documents they are, as a key. */
export function ownerOf({ tenantId, userId }: { readonly tenantId: string; readonly userId: string }): string {
  return JSON.stringify([tenantId, userId]);
}

/** Why an item failed, without paths of the server. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "The file is missing: the link leads nowhere.";
  if (code === "EACCES" || code === "EPERM") return "The file may not be read.";
  if (code === "EISDIR") return "It is a folder, not a file.";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "The text is not valid UTF-8.";
  return error instanceof Error && error.name === "UnreadableItemError" ? error.message : "It could not be read.";
}

/** An item is not what it should be; the message is for the person. */
export class UnreadableItemError extends Error {
  override readonly name = "UnreadableItemError";
}

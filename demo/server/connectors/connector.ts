import type { SyncRequestContext, SyncRun } from "react-sync-progress/server";
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
  readonly stages: { readonly syncing: string; readonly parsing: string };
  /** Finds out what there is. Throws a `SyncJobError` where the source cannot be reached. */
  list(signal: AbortSignal): Promise<readonly Ref[]>;
  nameOf(ref: Ref): string;
  /** Throws where the item cannot be read. */
  read(ref: Ref): Promise<Content>;
  /** Throws where the item cannot be understood. */
  parse(item: RawItem<Content>): DemoDocument | Promise<DemoDocument>;
}

/** Runs a connector: lists, reads, parses and indexes. What cannot be read or parsed counts as failed with its reason. */
export async function syncConnector<Ref, Content>(
  connector: Connector<Ref, Content>,
  library: DocumentLibrary,
  run: SyncRun,
  { scope, onlyFailed }: SyncRequestContext,
): Promise<void> {
  const giveWay = createYielder();
  run.update({ status: "connecting", stage: "Connecting..." });
  const all = await connector.list(run.signal);
  const wanted = onlyFailed === null ? null : new Set(onlyFailed.map(({ item }) => item));
  const refs = wanted === null ? all : all.filter((ref) => wanted.has(connector.nameOf(ref)));

  /** Does one step of the work for every item, and leaves out those it fails for. */
  async function each<Item, Result>(
    items: readonly Item[],
    nameOf: (item: Item) => string,
    work: (item: Item) => Promise<Result> | Result,
  ) {
    const results: Result[] = [];
    for (const item of items) {
      await run.checkpoint();
      const name = nameOf(item);
      try {
        results.push(await work(item));
        run.advance({ item: name });
      } catch (error) {
        run.fail({ item: name, reason: reasonOf(error) });
      }
      await giveWay();
    }
    return results;
  }

  run.update({ status: "syncing", stage: connector.stages.syncing, totalItems: refs.length });
  const read = await each(refs, connector.nameOf, async (ref) => ({
    name: connector.nameOf(ref),
    content: await connector.read(ref),
  }));

  run.update({ status: "parsing", stage: connector.stages.parsing });
  const documents = await each(
    read,
    ({ name }) => name,
    (item) => connector.parse(item),
  );

  run.update({ status: "embedding", stage: "Building the index..." });
  await library.store(ownerOf(scope), connector.source, documents, {
    isWhole: onlyFailed === null,
    onAdded: async ({ id }) => {
      run.advance({ item: id });
      await run.checkpoint();
    },
  });
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

import MiniSearch from "minisearch";
import { createYielder } from "./yielder.js";

/** One thing that was synced and can be found again. */
export interface DemoDocument {
  /** Unique within its source. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Something found. */
export interface SearchHit {
  readonly source: string;
  readonly id: string;
  readonly title: string;
  /** The text around the first match. */
  readonly snippet: string;
}

/** The full-text index of one source of one person, as it is built. */
export interface IndexBuilder {
  add(document: DemoDocument): void;
}

const SNIPPET_LENGTH = 180;
/** What is kept of a text; enough to search and to quote. */
const MAX_TEXT_LENGTH = 50_000;

function createIndex() {
  return new MiniSearch<DemoDocument>({ fields: ["title", "text"], storeFields: ["title", "text"], idField: "id" });
}

/** What the people of the demo have synced: an index for each person and source. */
export class DocumentLibrary {
  readonly #indexes = new Map<string, Map<string, MiniSearch<DemoDocument>>>();

  /**
   * Puts documents into the index of a source. With `isWhole`, they take the place of all that was there, in one step
   * when the last one is in: a sync that fails leaves the old index as it was.
   */
  async store(
    owner: string,
    source: string,
    documents: readonly DemoDocument[],
    { isWhole, onAdded }: { readonly isWhole: boolean; readonly onAdded: (document: DemoDocument) => Promise<void> },
  ): Promise<void> {
    const indexes = this.#indexes.get(owner) ?? new Map<string, MiniSearch<DemoDocument>>();
    this.#indexes.set(owner, indexes);
    const index = isWhole ? createIndex() : (indexes.get(source) ?? createIndex());
    const giveWay = createYielder();
    for (const document of documents) {
      const kept = { ...document, text: document.text.slice(0, MAX_TEXT_LENGTH) };
      if (index.has(kept.id)) index.replace(kept);
      else index.add(kept);
      await giveWay();
      await onAdded(document);
    }
    indexes.set(source, index);
  }

  count(owner: string, source: string): number {
    return this.#indexes.get(owner)?.get(source)?.documentCount ?? 0;
  }

  search(owner: string, query: string, limit = 20): readonly SearchHit[] {
    const found = [...(this.#indexes.get(owner) ?? [])].flatMap(([source, index]) =>
      index
        .search(query, { prefix: true, fuzzy: 0.1, boost: { title: 2 }, combineWith: "AND" })
        .slice(0, limit)
        .map((result) => ({ source, result })),
    );
    return found
      .sort((a, b) => b.result.score - a.result.score)
      .slice(0, limit)
      .map(({ source, result }) => ({
        source,
        id: String(result.id),
        title: String(result["title"]),
        snippet: snippetOf(String(result["text"]), result.terms),
      }));
  }
}

function snippetOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const at = Math.max(0, ...terms.map((term) => lower.indexOf(term)));
  const from = Math.max(0, at - SNIPPET_LENGTH / 3);
  const cut = text
    .slice(from, from + SNIPPET_LENGTH)
    .replace(/\s+/g, " ")
    .trim();
  return `${from > 0 ? "…" : ""}${cut}${from + SNIPPET_LENGTH < text.length ? "…" : ""}`;
}

import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

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

/** What one sync puts together. It is kept in the file, so that an interrupted sync can be continued. */
export interface Draft {
  readonly id: string;
  /** What the sync is about, in its order. */
  readonly names: readonly string[];
  /** Keeps a document; one of the same id is replaced. */
  add(document: DemoDocument): void;
  /** The numbers of its documents, in the order in which they were added. */
  documents(): readonly number[];
  /** Makes a document searchable, as soon as the draft is published. Returns its id. */
  index(document: number): string;
  /** Lets the draft take the place of all documents of its source, or only of those of the same ids. */
  publish(options: { readonly isWhole: boolean }): void;
}

/** What is kept of a text; enough to search and to quote. */
const MAX_TEXT_LENGTH = 50_000;
/** Words of a quoted match. */
const SNIPPET_WORDS = 24;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS drafts (id TEXT PRIMARY KEY, owner TEXT NOT NULL, source TEXT NOT NULL, names TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY, owner TEXT NOT NULL, source TEXT NOT NULL, draft TEXT, id TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (owner, source, draft, id)
  );
  CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2');
`;

/** What the people of the demo have synced, in a file, with a full-text index. */
export class DocumentLibrary {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
  }

  /** Begins a draft; the unfinished ones of the same source are dropped. */
  beginDraft(owner: string, source: string, names: readonly string[]): Draft {
    this.#atOnce(() => {
      this.#deleteDocuments("owner = ? AND source = ? AND draft IS NOT NULL", owner, source);
      this.#run("DELETE FROM drafts WHERE owner = ? AND source = ?", owner, source);
    });
    const id = randomUUID();
    this.#run("INSERT INTO drafts VALUES (?, ?, ?, ?)", id, owner, source, JSON.stringify(names));
    return this.#draft(id, owner, source, names);
  }

  /** The draft of an interrupted sync; `null` if another sync has begun since. */
  openDraft(id: string): Draft | null {
    const row = this.#database.prepare("SELECT owner, source, names FROM drafts WHERE id = ?").get(id);
    if (row === undefined) return null;
    const names: readonly unknown[] = JSON.parse(String(row["names"]));
    return this.#draft(id, String(row["owner"]), String(row["source"]), names.map(String));
  }

  count(owner: string, source: string): number {
    const row = this.#database
      .prepare("SELECT count(*) AS count FROM documents WHERE owner = ? AND source = ? AND draft IS NULL")
      .get(owner, source);
    return Number(row?.["count"]);
  }

  /** Finds what has all words of the query, or words that begin like them. */
  search(owner: string, query: string, limit = 20): readonly SearchHit[] {
    const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length === 0) return [];
    return this.#database
      .prepare(
        `SELECT d.source, d.id, d.title, snippet(search, 1, '', '', '…', ${SNIPPET_WORDS}) AS snippet
         FROM search JOIN documents d ON d.number = search.rowid
         WHERE search MATCH ? AND d.owner = ? AND d.draft IS NULL ORDER BY bm25(search, 2, 1) LIMIT ?`,
      )
      .all(words.map((word) => `"${word}"*`).join(" "), owner, limit)
      .map((row) => ({
        source: String(row["source"]),
        id: String(row["id"]),
        title: String(row["title"]),
        snippet: String(row["snippet"]).replace(/\s+/g, " ").trim(),
      }));
  }

  close(): void {
    this.#database.close();
  }

  #draft(id: string, owner: string, source: string, names: readonly string[]): Draft {
    return {
      id,
      names,
      add: ({ id: documentId, title, text }) =>
        this.#run(
          `INSERT INTO documents (owner, source, draft, id, title, text) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET title = excluded.title, text = excluded.text`,
          owner,
          source,
          id,
          documentId,
          title,
          text.slice(0, MAX_TEXT_LENGTH),
        ),
      documents: () =>
        this.#database
          .prepare("SELECT number FROM documents WHERE draft = ? ORDER BY number")
          .all(id)
          .map((row) => Number(row["number"])),
      index: (document) => {
        this.#run(
          "INSERT OR REPLACE INTO search (rowid, title, text) SELECT number, title, text FROM documents WHERE number = ?",
          document,
        );
        return String(this.#database.prepare("SELECT id FROM documents WHERE number = ?").get(document)?.["id"]);
      },
      publish: ({ isWhole }) =>
        this.#atOnce(() => {
          const old = "owner = ? AND source = ? AND draft IS NULL";
          if (isWhole) this.#deleteDocuments(old, owner, source);
          else {
            const replaced = `${old} AND id IN (SELECT id FROM documents WHERE draft = ?)`;
            this.#deleteDocuments(replaced, owner, source, id);
          }
          this.#run("UPDATE documents SET draft = NULL WHERE draft = ?", id);
          this.#run("DELETE FROM drafts WHERE id = ?", id);
        }),
    };
  }

  #deleteDocuments(where: string, ...values: readonly string[]): void {
    this.#run(`DELETE FROM search WHERE rowid IN (SELECT number FROM documents WHERE ${where})`, ...values);
    this.#run(`DELETE FROM documents WHERE ${where}`, ...values);
  }

  #run(sql: string, ...values: readonly (string | number)[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #atOnce(act: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      act();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Scope } from "react-sync-progress/server";
import type { Email } from "react-sync-progress/server/email";

/** A mail that would have been sent. */
export interface OutboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  /** ms since the epoch. */
  readonly sentAt: number;
}

/** How many mails of a person are kept and shown. */
const MAX_MAILS = 20;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS mails (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, user TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
    html TEXT NOT NULL, sent_at INTEGER NOT NULL
  );
`;

/** Keeps in a file the mails that would have been sent, for the person they are for. */
export class Outbox {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
  }

  /** Keeps a mail, in the place of the one with its id. */
  add({ to, subject, html, messageId, sync: { scope } }: Email): void {
    const { tenantId, userId } = scope;
    const recipient = `${to.name} <${to.address}>`;
    this.#database
      .prepare("INSERT OR REPLACE INTO mails VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(messageId, tenantId, userId, recipient, subject, html, Date.now());
    this.#database
      .prepare(
        `DELETE FROM mails WHERE tenant = ?1 AND user = ?2 AND id NOT IN
         (SELECT id FROM mails WHERE tenant = ?1 AND user = ?2 ORDER BY sent_at DESC LIMIT ?3)`,
      )
      .run(tenantId, userId, MAX_MAILS);
  }

  /** The mails of a person, newest first. */
  list({ tenantId, userId }: Scope): readonly OutboxMail[] {
    return this.#database
      .prepare("SELECT * FROM mails WHERE tenant = ? AND user = ? ORDER BY sent_at DESC")
      .all(tenantId, userId)
      .map((row) => ({
        id: String(row["id"]),
        to: String(row["recipient"]),
        subject: String(row["subject"]),
        html: String(row["html"]),
        sentAt: Number(row["sent_at"]),
      }));
  }

  close(): void {
    this.#database.close();
  }
}

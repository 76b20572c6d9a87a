import { join } from "node:path";
import type { IntegrationDefinition, SyncStore } from "react-sync-progress/server";
import { createEmailNotifier, type EmailNotifier } from "react-sync-progress/server/email";
import { Outbox, type OutboxMail } from "./outbox.js";
import { DEMO_USERS, type DemoUser } from "./session.js";

/** Soon enough for somebody who watches the outbox. */
const POLL_MS = 500;

export interface DemoMailsOptions {
  readonly store: SyncStore;
  readonly dataFolder: string;
  readonly integrations: readonly IntegrationDefinition[];
  readonly onError: (error: unknown) => void;
}

/** The mails of the demo. */
export interface DemoMails {
  readonly notifier: EmailNotifier;
  /** The mails of a person that would have been sent, newest first; `null` if they are really sent. */
  list(user: DemoUser): readonly OutboxMail[] | null;
  close(): void;
}

/** Sends mails if there is a mail server (`SMTP_HOST`), to `DEMO_EMAIL` if that is set; else keeps them to be shown. */
export function startMails({ store, dataFolder, integrations, onError }: DemoMailsOptions): DemoMails {
  const outbox = process.env["SMTP_HOST"] === undefined ? new Outbox(join(dataFolder, "outbox.db")) : null;
  const notifier = createEmailNotifier({
    store,
    integrations,
    pollMs: POLL_MS,
    recipient({ userId }) {
      const user = DEMO_USERS.find((one) => one.userId === userId);
      const address = process.env["DEMO_EMAIL"] ?? `${userId}@example.com`;
      return user === undefined ? null : { address, name: user.name, locale: "en" };
    },
    ...(outbox === null ? {} : { sendEmail: async (email) => outbox.add(email) }),
    onError,
  });
  return { notifier, list: (user) => outbox?.list(user) ?? null, close: () => outbox?.close() };
}

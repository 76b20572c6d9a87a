import type { IntegrationDefinition } from "../integration-definition.js";
import { setBackgroundTimeout } from "../long-timeout.js";
import { Observers, type SyncObserver } from "../observers.js";
import type { Scope } from "../scope.js";
import { abortable, StoreCalls } from "../store-calls.js";
import { EMAIL_KIND } from "../sync-notices.js";
import type { Notice, SyncStore } from "../sync-store.js";
import { deliverEmail, type EmailRecipient } from "./email-delivery.js";
import { createSmtpSender, type Email, type EmailSender } from "./email-sender.js";
import type { EndedSync } from "./ended-sync.js";
import { readSmtpSettings, type SmtpOptions } from "./smtp-options.js";

/** Options of {@link createEmailNotifier}. */
export interface EmailNotifierOptions {
  /** The store of the service, whose outbox is sent. */
  readonly store: SyncStore;
  /**
   * Who gets the mails of a person; `null` for nobody. Called when a mail is sent, so that the address is the current
   * one. If it throws, the mail is tried again later.
   */
  readonly recipient: (scope: Scope) => EmailRecipient | null | Promise<EmailRecipient | null>;
  /** The mail server. Default: all from the environment (`SMTP_HOST` and so on). */
  readonly smtp?: SmtpOptions;
  /**
   * Sends a mail in place of a mail server, such as by the API of a provider; then `smtp` and its variables are not read. Resolves
   * when somebody has taken the mail over; what it rejects with is tried again. `messageId` is the same in every attempt.
   */
  readonly sendEmail?: (email: Email, signal: AbortSignal) => Promise<void>;
  /** Where the names of integrations in mails are from. Default none: a mail says "Your data". */
  readonly integrations?: readonly Pick<IntegrationDefinition, "type" | "name">[];
  /** The http or https URL of a sync in the application, or `null`. Default: mails have no link. */
  readonly linkTo?: (sync: EndedSync) => string | null;
  /** ms between two looks into the outbox, from 100 to 3,600,000. Default 5,000. */
  readonly pollMs?: number;
  /**
   * ms before each further attempt after one that failed; after the last the mail is given up. Default 30 s, 2 min,
   * 10 min, 1 h and 4 h.
   */
  readonly retryDelaysMs?: readonly number[];
  /** Receive what becomes of each attempt, as those of the service. Default none. */
  readonly observers?: readonly SyncObserver[];
  /**
   * ms that one attempt may take, from 1,000 to 3,600,000. The mail of a process that has crashed is sent by another one after
   * twice that. Default 120,000.
   */
  readonly attemptTimeoutMs?: number;
  /**
   * Receives what went wrong, with the sync if it was about one: an attempt that failed, a mail that was given up, a store
   * that failed. What a mail server says may contain the recipient's address.
   */
  readonly onError?: (error: unknown, syncId: string | null) => void;
}

/** Sends mails until it is closed. */
export interface EmailNotifier {
  /** Sends at once what is due, without waiting for the next look. Resolves when that is done, after 10 s at most. */
  flush(): Promise<void>;
  /** Claims nothing more, and waits for the mails under way, at most 10 s. What was not sent by then is sent later. */
  close(): Promise<void>;
}

/** A mail that is not sent any more. `cause` is why the last attempt failed. */
export class EmailGivenUpError extends Error {
  override readonly name = "EmailGivenUpError";
  constructor(syncId: string, tries: number, cause: unknown) {
    super(`The mail about the sync ${syncId} was given up after ${tries} ${tries === 1 ? "try" : "tries"}.`, { cause });
  }
}

const POLL_MS = 5_000;
const MIN_POLL_MS = 100;
const MAX_MS = 3_600_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RETRY_DELAYS_MS = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 240 * MINUTE];
/** How many mails are sent at a time. */
const BATCH = 5;
const STORE_TIMEOUT_MS = 5_000;
const ATTEMPT_TIMEOUT_MS = 2 * MINUTE;
const MIN_ATTEMPT_TIMEOUT_MS = SECOND;
/** A lease in attempts: longer than one, so that nobody else sends the same mail meanwhile. */
const LEASE_ATTEMPTS = 2;
const GRACE_MS = 10_000;

/**
 * Sends the mails that a service has put into the outbox of its store (option `notices`), from now on. Any number of
 * processes may do so with one store: each mail is claimed by one of them.
 *
 * @throws TypeError when an option, or a variable of the environment in its place, is not valid.
 *
 * @example
 * const notifier = createEmailNotifier({ store, integrations, recipient: ({ userId }) => users.emailOf(userId) });
 */
export function createEmailNotifier(options: EmailNotifierOptions): EmailNotifier {
  const { store, recipient, integrations = [], linkTo, smtp = {} } = options;
  const { pollMs = POLL_MS, retryDelaysMs = RETRY_DELAYS_MS, attemptTimeoutMs = ATTEMPT_TIMEOUT_MS } = options;
  checkMs("pollMs", pollMs, MIN_POLL_MS);
  checkMs("attemptTimeoutMs", attemptTimeoutMs, MIN_ATTEMPT_TIMEOUT_MS);
  checkDelays(retryDelaysMs);
  const leaseMs = attemptTimeoutMs * LEASE_ATTEMPTS;
  const maxTries = retryDelaysMs.length + 1;
  const { sender, domain } = createSender(options.sendEmail, smtp);
  const observers = new Observers(options.observers ?? [], (error) => report(error, null));
  const closed = new AbortController();
  const abandoned = new AbortController();
  let stopTimer = () => {};
  let working = work();

  function report(error: unknown, syncId: string | null): void {
    try {
      options.onError?.(error, syncId);
    } catch {
      // A reporter that throws must not end the loop.
    }
  }
  function callsFor(syncId: string | null): StoreCalls {
    return new StoreCalls({ timeoutMs: STORE_TIMEOUT_MS, onError: (error) => report(error, syncId) });
  }

  /** Sends all that is due, and then waits for the next look. */
  async function work(): Promise<void> {
    try {
      let count = BATCH;
      while (count === BATCH && !closed.signal.aborted) count = await sendBatch();
    } catch (error) {
      if (!closed.signal.aborted) report(error, null);
    }
    if (closed.signal.aborted) return;
    stopTimer = setBackgroundTimeout(() => {
      working = work();
    }, pollMs);
  }

  async function sendBatch(): Promise<number> {
    const notices = await callsFor(null).once((signal) => store.claimNotices(EMAIL_KIND, leaseMs, BATCH, signal));
    await Promise.all(notices.map(handle));
    return notices.length;
  }

  async function handle(notice: Notice): Promise<void> {
    // Attempts that a crash has cut off count too: a mail that ends its process must not do so for ever.
    if (notice.tries > maxTries) return giveUp(notice, new Error("The attempts before were cut off."));
    const delivery = { sender, recipient, integrations, linkTo, domain, onError: report };
    const startedAt = performance.now();
    const result = await deliverEmail(notice, delivery, AbortSignal.timeout(attemptTimeoutMs));
    const attempt = { syncId: notice.syncId, tries: notice.tries, durationMs: performance.now() - startedAt };
    if (result.is === "done") {
      if (result.isSent) observers.onEvent({ level: "info", event: "email-sent", ...attempt });
      return settle(notice, "done");
    }
    const delayMs = retryDelaysMs[notice.tries - 1];
    if (result.is === "impossible" || delayMs === undefined) return giveUp(notice, result.error, attempt.durationMs);
    observers.onEvent({ level: "warn", event: "email-failed", ...attempt });
    report(result.error, notice.syncId);
    return settle(notice, { dueAt: Date.now() + delayMs });
  }

  function giveUp(notice: Notice, cause: unknown, durationMs = 0): Promise<void> {
    const { syncId, tries } = notice;
    observers.onEvent({ level: "error", event: "email-given-up", syncId, tries, durationMs });
    report(new EmailGivenUpError(notice.syncId, notice.tries, cause), notice.syncId);
    return settle(notice, "done");
  }

  /** Stores what has become of a notice, as soon as the store can: until then nothing else is claimed. */
  async function settle(notice: Notice, result: "done" | { readonly dueAt: number }): Promise<void> {
    const calls = callsFor(notice.syncId);
    await calls.untilDone((signal) => store.settleNotice(notice.id, result, signal), abandoned.signal).catch(() => {});
  }

  /** Waits for the mails under way. */
  async function whenIdle(): Promise<void> {
    await abortable(working, AbortSignal.timeout(GRACE_MS)).catch(() => {});
  }

  return {
    async flush() {
      await whenIdle();
      stopTimer();
      working = work();
      await whenIdle();
    },

    async close() {
      closed.abort();
      stopTimer();
      await whenIdle();
      abandoned.abort();
      sender.close();
    },
  };
}

/** Whose Message-IDs a mail has that a mail server does not send: nobody's (RFC 2606). */
const NO_DOMAIN = "sync.invalid";

function createSender(
  sendEmail: EmailNotifierOptions["sendEmail"],
  smtp: SmtpOptions,
): { readonly sender: EmailSender; readonly domain: string } {
  if (sendEmail !== undefined) {
    // It may throw before it returns a promise.
    return { sender: { send: async (...given) => sendEmail(...given), close: () => {} }, domain: NO_DOMAIN };
  }
  const settings = readSmtpSettings(smtp, process.env);
  const domain = settings.from.address.slice(settings.from.address.indexOf("@") + 1);
  return { sender: createSmtpSender(settings), domain };
}

function checkMs(name: string, ms: number, min: number): void {
  if (ms >= min && ms <= MAX_MS) return;
  const range = `from ${min.toLocaleString("en")} to ${MAX_MS.toLocaleString("en")}`;
  throw new TypeError(`SyncProgressError: ${name} must be a number ${range}, got ${String(ms)}.`);
}

function checkDelays(retryDelaysMs: readonly number[]): void {
  const wrong = retryDelaysMs.find((delayMs) => !(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY));
  if (wrong === undefined) return;
  throw new TypeError(`SyncProgressError: retryDelaysMs must be finite numbers of at least 0, got ${String(wrong)}.`);
}

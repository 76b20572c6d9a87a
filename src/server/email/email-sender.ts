import { createTransport } from "nodemailer";
import type { EmailContent } from "./email-content.js";
import type { EndedSync } from "./ended-sync.js";
import type { SmtpSettings } from "./smtp-options.js";

/** A mail that is ready. */
export interface Email extends EmailContent {
  readonly to: { readonly name: string; readonly address: string };
  /** The same in every attempt, so that a mailbox that gets it twice can show it once. */
  readonly messageId: string;
  /** What it is about. */
  readonly sync: EndedSync;
}

/** Hands mails to a mail server. */
export interface EmailSender {
  /** Resolves when the server has taken the mail over; rejects with what the server said, or when `signal` aborts. */
  send(email: Email, signal: AbortSignal): Promise<void>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 20_000;
const IMPLICIT_TLS_PORT = 465;

export function createSmtpSender({ host, port, auth, from, isTlsRequired, ca }: SmtpSettings): EmailSender {
  const transport = createTransport({
    host,
    port,
    secure: port === IMPLICIT_TLS_PORT,
    requireTLS: isTlsRequired,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
    ...(auth === null ? {} : { auth: { ...auth } }),
    ...(ca === null ? {} : { tls: { ca } }),
  });
  return {
    async send({ to, subject, text, html, messageId }, signal) {
      await transport.sendMail({
        // Objects: in a text a comma would be a second recipient.
        from: { ...from },
        to: { ...to },
        subject,
        text,
        html,
        messageId,
        headers: { "Auto-Submitted": "auto-generated" },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
    },
    close: () => transport.close(),
  };
}

/**
 * Whether the server has refused this mail or its recipient for good (5xx). A refused sign-in is none: that is about the
 * settings, and mails must outlive a wrong password.
 */
export function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error) || !("responseCode" in error) || !("code" in error)) return false;
  const { responseCode, code } = error;
  return typeof responseCode === "number" && responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
}

import { readText } from "../../protocol/decoding.js";
import { TEXT_LIMITS } from "../../protocol/limits.js";
import { isEmailAddress } from "./email-address.js";

/** How mails are handed to a mail server. What is left out is read from the environment. */
export interface SmtpOptions {
  /** Default `SMTP_HOST`. */
  readonly host?: string;
  /** Default `SMTP_PORT`, or 587. TLS begins with the connection at 465, and by STARTTLS at all others. */
  readonly port?: number;
  /** Default `SMTP_USER`; without one there is no sign-in. */
  readonly user?: string;
  /** Default `SMTP_PASSWORD`. */
  readonly password?: string;
  /** The address that mails come from. Default `SMTP_FROM_EMAIL`. */
  readonly fromEmail?: string;
  /** The name beside it. Default `SMTP_FROM_NAME`, or none. */
  readonly fromName?: string;
  /** Sends nothing over a connection without TLS. Default `true`; `false` only for a server on the same machine. */
  readonly isTlsRequired?: boolean;
  /** Certificates in PEM that are trusted instead of those of Node, for a server of one's own. */
  readonly ca?: string;
}

/** Checked options. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  readonly from: { readonly name: string; readonly address: string };
  readonly isTlsRequired: boolean;
  readonly ca: string | null;
}

/** The variables that settings are read from. */
export type SmtpEnvironment = Readonly<Record<string, string | undefined>>;

/** @throws TypeError when a setting is missing or not valid. */
export function readSmtpSettings(options: SmtpOptions, environment: SmtpEnvironment): SmtpSettings {
  const read = (option: string | undefined, variable: string) => option ?? environment[variable]?.trim() ?? "";
  const host = read(options.host, "SMTP_HOST");
  if (host === "") throw invalid("smtp.host (or SMTP_HOST)", "the name of a mail server", host);
  const address = read(options.fromEmail, "SMTP_FROM_EMAIL");
  if (!isEmailAddress(address)) throw invalid("smtp.fromEmail (or SMTP_FROM_EMAIL)", "one mail address", address);
  const user = read(options.user, "SMTP_USER");
  return {
    host,
    port: readPort(options.port, environment["SMTP_PORT"]?.trim()),
    // A password may begin or end with a space.
    auth: user === "" ? null : { user, pass: options.password ?? environment["SMTP_PASSWORD"] ?? "" },
    from: { name: readText(read(options.fromName, "SMTP_FROM_NAME"), TEXT_LIMITS.word), address },
    isTlsRequired: options.isTlsRequired ?? true,
    ca: options.ca ?? null,
  };
}

const SUBMISSION_PORT = 587;

function readPort(option: number | undefined, variable: string | undefined): number {
  const port = option ?? Number(variable || SUBMISSION_PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw invalid("smtp.port (or SMTP_PORT)", "a whole number from 1 to 65,535", option ?? variable);
}

function invalid(name: string, valid: string, got: unknown): TypeError {
  return new TypeError(`SyncProgressError: ${name} must be ${valid}, got ${JSON.stringify(got)}.`);
}

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { canTest, findProgram } from "./find-engine.js";

const openssl = findProgram("openssl");

/** Whether a certificate can be made for a mail server to test with. */
export const hasMailServer = canTest(openssl, "openssl", "openssl");

/** A mail as the server has taken it over. */
export interface ReceivedMail {
  /** All recipients that the client has named to the server. */
  readonly recipients: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | null;
  /** As it was transferred. */
  readonly raw: string;
  readonly message: Email;
}

export interface MailServerOptions {
  /** Offers STARTTLS. Default `true`. */
  readonly hasTls?: boolean;
  /** Whom a client has to sign in as. Default: nobody. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The code that a recipient is refused with; `null` to accept it, and a promise to leave the client waiting. */
  readonly refuseRecipient?: (attempt: number, address: string) => number | null | Promise<never>;
  /** The code that a message is refused with after it was transferred; `null` to accept it. */
  readonly refuseMessage?: (attempt: number) => number | null;
  /** Called when the server has decided to take a mail over, before it says so; it waits for a promise. */
  readonly onMail?: (mail: ReceivedMail) => unknown;
}

export interface MailServer {
  readonly port: number;
  /** The server's certificate, in PEM. */
  readonly ca: string;
  readonly mails: readonly ReceivedMail[];
  /** How often a recipient was named. */
  readonly attempts: () => number;
  readonly connections: () => number;
  /** The user names and passwords that were sent. */
  readonly logins: readonly string[];
  close(): Promise<void>;
}

/** Starts a real SMTP server on loopback, with a certificate of its own for 127.0.0.1. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { hasTls = true, login, refuseRecipient = () => null, refuseMessage = () => null, onMail = () => {} } = options;
  const { key, cert } = certificate();
  const mails: ReceivedMail[] = [];
  const logins: string[] = [];
  let attempts = 0;
  let messages = 0;
  const server = new SMTPServer({
    key,
    cert,
    ...(hasTls ? {} : { hideSTARTTLS: true, disabledCommands: ["STARTTLS"] }),
    authOptional: login === undefined,
    allowInsecureAuth: true,
    onAuth({ username = "", password = "" }, _session, done) {
      logins.push(`${username}:${password}`);
      const isRight = username === login?.user && password === login.password;
      done(isRight ? null : failure(535), { user: username });
    },
    async onRcptTo({ address }, _session, done) {
      attempts += 1;
      const code = await refuseRecipient(attempts, address);
      done(code === null ? null : failure(code));
    },
    async onData(stream, { envelope, secure, user }, done) {
      const raw = await text(stream).catch(() => null);
      // The client was lost in mid-message, and waits for nothing.
      if (raw === null) return;
      messages += 1;
      const code = refuseMessage(messages);
      if (code !== null) return done(failure(code));
      const mail: ReceivedMail = {
        recipients: envelope.rcptTo.map(({ address }) => address),
        isSecure: secure,
        user: typeof user === "string" ? user : null,
        raw,
        message: await PostalMime.parse(raw),
      };
      mails.push(mail);
      await onMail(mail);
      done(null);
    },
  });
  server.on("error", () => {
    // A client that closes in mid-dialogue: what comes of it is what the tests look at.
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    ca: cert,
    mails,
    attempts: () => attempts,
    connections: () => server.connections.size,
    logins,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function failure(responseCode: number): Error {
  return Object.assign(new Error("Refused by the test"), { responseCode });
}

let made: { readonly key: string; readonly cert: string } | null = null;

function certificate() {
  made ??= makeCertificate();
  return made;
}

function makeCertificate() {
  if (openssl === null) throw new Error("openssl was not found: install the package openssl.");
  const folder = mkdtempSync(join(tmpdir(), "mail-server-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync(openssl, ["req", ...kind, ...name, "-keyout", key, "-out", cert], { stdio: "pipe" });
  const pair = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  rmSync(folder, { recursive: true });
  return pair;
}

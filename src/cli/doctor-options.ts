import { parseArgs } from "node:util";
import { DEFAULT_TIMINGS, type Identity, NOBODY, type SyncChoice, type Target } from "./target.js";

/** What the command line says. */
export interface DoctorOptions {
  readonly target: Target;
  readonly isJson: boolean;
  readonly hasColor: boolean;
}

/** The command line cannot be understood. The message is a sentence for the person who wrote it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The options of the doctor, as `parseArgs` of Node takes them. */
const DOCTOR_FLAGS = {
  cookie: { type: "string" },
  header: { type: "string", multiple: true },
  "sync-id": { type: "string" },
  start: { type: "string" },
  "second-cookie": { type: "string" },
  "second-header": { type: "string", multiple: true },
  origin: { type: "string" },
  "timeout-ms": { type: "string" },
  "idle-ms": { type: "string" },
  json: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Reads the arguments after `doctor`; `null` if help is wanted.
 *
 * @throws UsageError when they cannot be understood.
 */
export function readDoctorOptions(args: readonly string[]): DoctorOptions | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [url, ...rest] = positionals;
  if (url === undefined) throw new UsageError("The URL is missing: npx react-sync-progress doctor https://host/api");
  if (rest.length > 0) throw new UsageError(`One URL is examined at a time, and there is also "${rest.join(" ")}".`);
  const base = readUrl(url);
  const second = readIdentity(values["second-cookie"], values["second-header"], "--second-header");
  return {
    isJson: values.json === true,
    hasColor: values["no-color"] !== true,
    target: {
      url: base.href,
      pageOrigin: values.origin === undefined ? base.origin : readOrigin(values.origin),
      identity: readIdentity(values.cookie, values.header, "--header"),
      secondIdentity: second.cookie === null && Object.keys(second.headers).length === 0 ? null : second,
      sync: readChoice(values["sync-id"], values.start),
      timings: {
        ...DEFAULT_TIMINGS,
        streamMs: readMs("--timeout-ms", values["timeout-ms"], DEFAULT_TIMINGS.streamMs),
        idleMs: readMs("--idle-ms", values["idle-ms"], DEFAULT_TIMINGS.idleMs),
      },
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: DOCTOR_FLAGS, allowPositionals: true });
  } catch (error) {
    // Only the first sentence; the others are about positional arguments.
    throw new UsageError(error instanceof Error ? error.message.replace(/\. .*$/s, ".") : String(error));
  }
}

function readUrl(text: string): URL {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new UsageError(
      `The URL must begin with http:// or https://, got "${text}". Perhaps: http://${text.replace(/^\/+/, "")}`,
    );
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("Browsers send no name and password of a URL. Give --header 'Authorization: ...' instead.");
  }
  if (url.search !== "" || url.hash !== "") throw new UsageError("The URL must have no query and no fragment.");
  return url;
}

function readOrigin(text: string): string {
  const isOrigin = URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, "");
  if (!isOrigin) throw new UsageError(`--origin must be an origin such as https://app.example.com, got "${text}".`);
  return new URL(text).origin;
}

function readIdentity(cookie: string | undefined, headers: readonly string[] = [], flag: string): Identity {
  const entries = headers.map((header): readonly [string, string] => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/s.exec(header) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`${flag} must be 'Name: value', got "${header}".`);
    }
    return [name.toLowerCase(), value];
  });
  const { cookie: fromHeader = null, ...rest } = Object.fromEntries(entries);
  const given = cookie?.replace(/^cookie:\s*/i, "") ?? fromHeader;
  return given === null && entries.length === 0 ? NOBODY : { cookie: given, headers: rest };
}

function readChoice(syncId: string | undefined, type: string | undefined): SyncChoice {
  if (syncId !== undefined && type !== undefined) throw new UsageError("Give --sync-id or --start, not both.");
  if (syncId !== undefined) return { kind: "id", syncId };
  return type === undefined ? { kind: "any" } : { kind: "start", type };
}

function readMs(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 100 || value > 3_600_000) {
    throw new UsageError(`${flag} must be a whole number of milliseconds from 100 to 3600000, got "${text}".`);
  }
  return value;
}

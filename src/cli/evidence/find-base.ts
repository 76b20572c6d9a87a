import { randomUUID } from "node:crypto";
import { connect } from "node:tls";
import { isObject } from "../../protocol/decoding.js";
import { createEndpoints, DEFAULT_BASE_PATH } from "../../protocol/endpoints.js";
import { browserRequest } from "../http/browser-request.js";
import { type Exchange, exchange } from "../http/exchange.js";
import { isRefusal, readJson } from "../http/read-json.js";
import type { RequestLimits } from "../http/send-request.js";
import type { Target } from "../target.js";
import { type AddressEvidence, type BaseAttempt, commonFailure } from "./evidence.js";

/** Looks for the sync API: at the URL, below it, and at the usual path of its origin. */
export async function findBase(target: Target, limits: RequestLimits): Promise<AddressEvidence> {
  const given = target.url.replace(/\/+$/, "");
  const candidates = new Set([given, given + DEFAULT_BASE_PATH, new URL(target.url).origin + DEFAULT_BASE_PATH]);
  const attempts: BaseAttempt[] = [];
  for (const baseUrl of candidates) {
    const attempt = await tryBase(target, baseUrl, limits);
    attempts.push(attempt);
    if (speaksContract(attempt) || commonFailure(exchangesOf(attempt)) !== null) break;
  }
  const found = attempts.find(speaksContract) ?? attempts.find(mayBeSyncApi);
  return {
    attempts,
    found: found === undefined ? null : { ...found, endpoints: createEndpoints(found.baseUrl) },
    tlsProtocol: found === undefined ? null : await readTlsProtocol(target.url, limits.timeoutMs),
  };
}

/** The requests of an attempt. */
export function exchangesOf({ integrations, list, unknown }: BaseAttempt): readonly Exchange[] {
  return [integrations, list, unknown];
}

async function tryBase(target: Target, baseUrl: string, limits: RequestLimits): Promise<BaseAttempt> {
  const endpoints = createEndpoints(baseUrl);
  const get = (url: string) => exchange(browserRequest(target, target.identity, { url, kind: "read" }), limits);
  const [integrations, list, unknown] = await Promise.all([
    get(endpoints.integrations()),
    get(endpoints.syncs({ active: true, limit: 200 })),
    get(endpoints.snapshot(randomUUID())),
  ]);
  return { baseUrl, integrations, list, unknown };
}

/** What no other API would send. */
function speaksContract({ integrations, list }: BaseAttempt): boolean {
  return hasField(integrations, "integrations") || hasField(list, "syncs");
}

/** An older backend has neither, but says in JSON that a sync is not there; and who is not signed in learns nothing. */
function mayBeSyncApi(attempt: BaseAttempt): boolean {
  return (
    exchangesOf(attempt).some(isRefusal) ||
    ["progress", "success", "error"].some((name) => hasField(attempt.unknown, name))
  );
}

function hasField(response: Exchange, name: string): boolean {
  const json = readJson(response);
  return isObject(json) && name in json;
}

/** What the host would speak with a browser. */
function readTlsProtocol(url: string, timeoutMs: number): Promise<string | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:") return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: port === "" ? 443 : Number(port),
      servername: hostname,
      ALPNProtocols: ["h2", "http/1.1"],
      timeout: timeoutMs,
    });
    const finish = (found: string | null) => {
      socket.destroy();
      resolve(found);
    };
    socket.on("secureConnect", () => finish(socket.alpnProtocol || null));
    socket.on("error", () => finish(null));
    socket.on("timeout", () => finish(null));
  });
}

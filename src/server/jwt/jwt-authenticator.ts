import type { SignedInPerson } from "../http/sign-in.js";
import { createKeySource, type JwtKeyOptions } from "./jwt-key.js";
import { checkCookieName, readToken } from "./read-token.js";
import { type JwtClaims, type JwtRefusal, type TokenRules, verifyToken } from "./verify-token.js";

/** What tokens must say, and who that is. */
interface JwtClaimOptions {
  /** The `iss` that tokens must have, or several. `null` if yours have none. */
  readonly issuer: string | readonly string[] | null;
  /** The `aud` of which tokens must have one. `null` if yours have none. */
  readonly audience: string | readonly string[] | null;
  /**
   * The cookie with the token. Without it cookies are ignored. The header `Authorization: Bearer` goes first; two cookies of
   * this name are refused.
   */
  readonly cookieName?: string | undefined;
  /** Whose token it is, by its claims; `null` refuses it. Streams end at its `exp`, or at the `expiresAt` returned if that is sooner. */
  readonly toScope: (claims: JwtClaims) => SignedInPerson | null | Promise<SignedInPerson | null>;
  /**
   * Whether the session of a valid token has been revoked. Called with every request, and for every open stream at each
   * `reauthenticateMs` of the routes: keep it quick. If it rejects, requests get 500 and streams go on.
   */
  readonly isRevoked?: ((claims: JwtClaims) => boolean | Promise<boolean>) | undefined;
  /** ms that the issuer's clock may be ahead: tokens are accepted that much before their `nbf`. `exp` is exact. Default 5,000. */
  readonly clockToleranceMs?: number | undefined;
  /** Receives why a token was refused, for your log. Not called if a request has none. What it throws is ignored. */
  readonly onRefused?: ((refusal: JwtRefusal) => void) | undefined;
}

/** Options of {@link createJwtAuthenticator}. */
export type JwtAuthenticatorOptions = JwtKeyOptions & JwtClaimOptions;

/** Returns who is signed in; `null` for nobody. Rejects if that cannot be found out at present. */
export type JwtAuthenticator = (request: Request) => Promise<SignedInPerson | null>;

const DEFAULT_CLOCK_TOLERANCE_MS = 5_000;

/**
 * The `authenticate` of `createSyncRoutes` for JSON Web Tokens, by the package `jose`. A token is accepted if it is signed with
 * one of `algorithms`, has not expired and has an `exp`, and its `nbf`, `iss` and `aud` fit.
 *
 * @example
 * const authenticate = createJwtAuthenticator({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   algorithms: ["RS256"],
 *   issuer: "https://login.example.com/",
 *   audience: "sync-api",
 *   cookieName: "__Host-session",
 *   toScope: ({ sub, org }) =>
 *     typeof sub === "string" && typeof org === "string" ? { tenantId: org, userId: sub } : null,
 * });
 *
 * @throws TypeError when an option is not valid, such as a secret that is too short.
 */
export function createJwtAuthenticator(options: JwtAuthenticatorOptions): JwtAuthenticator {
  const { cookieName, toScope, isRevoked, clockToleranceMs = DEFAULT_CLOCK_TOLERANCE_MS } = options;
  const rules: TokenRules = {
    keySource: createKeySource(options),
    algorithms: [...options.algorithms],
    issuer: readNames("issuer", options.issuer),
    audience: readNames("audience", options.audience),
    clockToleranceMs,
  };
  checkCookieName(cookieName);
  if (!(Number.isFinite(clockToleranceMs) && clockToleranceMs >= 0)) {
    throw new TypeError(
      `SyncProgressError: clockToleranceMs must be a number of at least 0, got ${String(clockToleranceMs)}.`,
    );
  }

  const report = async (refusal: JwtRefusal) => {
    try {
      // It may be an async function, whose rejection would end the process.
      await options.onRefused?.(refusal);
    } catch {
      // The token is refused either way.
    }
  };
  const refuse = (refusal: JwtRefusal): null => {
    void report(refusal);
    return null;
  };

  return async (request) => {
    const read = readToken(request, cookieName);
    if (read.kind === "none") return null;
    if (read.kind === "several") return refuse("duplicate-cookie");
    const result = await verifyToken(read.token, rules);
    if (!result.ok) return refuse(result.refusal);
    const person = await toScope(result.claims);
    if (person === null) return refuse("no-scope");
    checkPerson(person);
    if (isRevoked !== undefined && (await isRevoked(result.claims))) return refuse("revoked");
    const expiresAt = result.claims.exp * 1_000;
    return { ...person, expiresAt: Math.min(expiresAt, person.expiresAt ?? Number.POSITIVE_INFINITY) };
  };
}

/** A claim that is missing must not become a scope that all have whose tokens lack it. */
function checkPerson({ tenantId, userId }: SignedInPerson): void {
  for (const [name, value] of Object.entries({ tenantId, userId })) {
    if (typeof value === "string" && value !== "") continue;
    throw new TypeError(`SyncProgressError: toScope must return a ${name}, or null, got ${JSON.stringify(value)}.`);
  }
}

function readNames(option: string, given: string | readonly string[] | null): readonly string[] | null {
  if (given === null) return null;
  const names = typeof given === "string" ? [given] : given;
  if (Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string" && name !== "")) {
    return [...names];
  }
  throw new TypeError(
    `SyncProgressError: ${option} must be a text or several, or null if your tokens have none, got ${JSON.stringify(given)}.`,
  );
}

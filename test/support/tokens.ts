import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { createJwtAuthenticator, type JwtAuthenticatorOptions } from "../../src/server-jwt.js";

const ISSUER = "https://login.example.com/";
export const AUDIENCE = "sync-api";
export const COOKIE = "__Host-session";
export const SECRET = "a secret that has at least thirty-two bytes";

/** An issuer of tokens with a key pair of its own. */
export async function anIssuer(algorithm = "RS256") {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    publicKeyPem: await exportSPKI(publicKey),
    publicJwk: await exportJWK(publicKey),
    /** A token of Ada of Acme that is valid for a minute, but for what is given. */
    sign: (claims: JWTPayload = {}, header: Record<string, unknown> = {}) =>
      new SignJWT(theClaims(claims)).setProtectedHeader({ alg: algorithm, ...header }).sign(privateKey),
  };
}

export type Issuer = Awaited<ReturnType<typeof anIssuer>>;

/** A token signed with a secret. */
export function signWithSecret(claims: JWTPayload = {}, secret = SECRET, alg = "HS256"): Promise<string> {
  return new SignJWT(theClaims(claims)).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** A token with any header and any signature. */
export function forgeToken(header: object, claims: JWTPayload = {}, signature = ""): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(theClaims(claims))}.${signature}`;
}

function theClaims(given: JWTPayload): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  return { sub: "ada", org: "acme", iss: ISSUER, aud: AUDIENCE, exp: now + 60, ...given };
}

type RestOptions = Partial<Omit<JwtAuthenticatorOptions, "secret" | "publicKey" | "jwksUrl" | "algorithms">>;

/** An authenticator for the tokens of an issuer. */
export function authenticatorOf({ publicKeyPem }: Issuer, options: RestOptions = {}) {
  return createJwtAuthenticator({ publicKey: publicKeyPem, algorithms: ["RS256"], ...claimOptions, ...options });
}

export const claimOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  cookieName: COOKIE,
  toScope: ({ sub, org }) =>
    typeof sub === "string" && typeof org === "string" ? { tenantId: org, userId: sub } : null,
} satisfies RestOptions;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const inCookie = (token: string) => ({ cookie: `theme=dark; ${COOKIE}=${token}` });

import { createRemoteJWKSet, importJWK, importSPKI, type JWK, type JWTVerifyGetKey } from "jose";

/** Algorithms of a secret that the issuer and this server share. */
export type SecretAlgorithm = "HS256" | "HS384" | "HS512";

/** Algorithms of a public key, with which tokens can be checked but not made. */
export type PublicKeyAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** What tokens are signed with: exactly one of a secret, a public key, and the address of public keys. */
export type JwtKeyOptions =
  | {
      /** At least as many bytes as the hash of the algorithm: 32 for HS256, 48 for HS384, 64 for HS512. */
      readonly secret: string | Uint8Array;
      /** The algorithms that are accepted, whatever a token says. */
      readonly algorithms: readonly SecretAlgorithm[];
      readonly publicKey?: undefined;
      readonly jwksUrl?: undefined;
    }
  | {
      /** PEM that begins with `-----BEGIN PUBLIC KEY-----`, or a JSON Web Key. */
      readonly publicKey: string | Readonly<Record<string, unknown>>;
      /** The algorithms that are accepted, whatever a token says; all of them for the same kind of key. */
      readonly algorithms: readonly PublicKeyAlgorithm[];
      readonly secret?: undefined;
      readonly jwksUrl?: undefined;
    }
  | {
      /** Where the issuer publishes its keys (`jwks_uri`), over HTTPS. They are fetched when a token needs one, and kept for 10 min. */
      readonly jwksUrl: string | URL;
      /** The algorithms that are accepted, whatever a token says. */
      readonly algorithms: readonly PublicKeyAlgorithm[];
      readonly secret?: undefined;
      readonly publicKey?: undefined;
    };

/** Bytes of the hash: a shorter secret is easier to guess than the signature (RFC 7518, section 3.2). */
const SECRET_BYTES: Readonly<Record<SecretAlgorithm, number>> = { HS256: 32, HS384: 48, HS512: 64 };

/** The kind of key that each algorithm needs. */
const KEY_KINDS: Readonly<Record<PublicKeyAlgorithm, string>> = {
  RS256: "RSA",
  RS384: "RSA",
  RS512: "RSA",
  PS256: "RSA",
  PS384: "RSA",
  PS512: "RSA",
  ES256: "P-256",
  ES384: "P-384",
  ES512: "P-521",
  EdDSA: "Ed25519",
  Ed25519: "Ed25519",
};

const PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";

/**
 * Returns the key for each token. A secret is never used with an algorithm of public keys, nor a public key as a secret.
 *
 * @throws TypeError when an option is not valid.
 */
export function createKeySource(options: JwtKeyOptions): JWTVerifyGetKey {
  const given = [options.secret, options.publicKey, options.jwksUrl].filter((one) => one !== undefined);
  if (given.length !== 1) throw invalid("exactly one of secret, publicKey and jwksUrl must be given");
  if (options.secret !== undefined) return secretSource(options.secret, options.algorithms);
  checkAlgorithms(options.algorithms, KEY_KINDS, options.publicKey === undefined ? "jwksUrl" : "publicKey");
  if (options.publicKey !== undefined) return publicKeySource(options.publicKey, options.algorithms);
  return createRemoteJWKSet(checkUrl(options.jwksUrl));
}

function secretSource(secret: string | Uint8Array, algorithms: readonly SecretAlgorithm[]): JWTVerifyGetKey {
  checkAlgorithms(algorithms, SECRET_BYTES, "secret");
  if (typeof secret !== "string" && !(secret instanceof Uint8Array)) {
    throw invalid("secret must be a string or a Uint8Array");
  }
  if (typeof secret === "string" && secret.includes("-----BEGIN")) {
    throw invalid("secret must not be a key in PEM: give that as publicKey");
  }
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret.slice();
  for (const algorithm of algorithms) {
    if (bytes.byteLength >= SECRET_BYTES[algorithm]) continue;
    throw invalid(
      `secret must have at least ${SECRET_BYTES[algorithm]} bytes for ${algorithm}, got ${bytes.byteLength}`,
    );
  }
  return () => bytes;
}

function publicKeySource(
  publicKey: string | Readonly<Record<string, unknown>>,
  algorithms: readonly PublicKeyAlgorithm[],
): JWTVerifyGetKey {
  if (new Set(algorithms.map((algorithm) => KEY_KINDS[algorithm])).size > 1) {
    throw invalid(`algorithms must all be for the same kind of key, got ${algorithms.join(", ")}`);
  }
  checkPublicKey(publicKey);
  const keys = new Map<string, ReturnType<typeof importPublicKey>>();
  return ({ alg }) => {
    const key = keys.get(alg) ?? importPublicKey(publicKey, alg);
    keys.set(alg, key);
    return key;
  };
}

async function importPublicKey(publicKey: string | Readonly<Record<string, unknown>>, algorithm: string) {
  try {
    if (typeof publicKey === "string") return await importSPKI(publicKey.trim(), algorithm);
    const jwk: JWK = { ...publicKey };
    return await importJWK(jwk, algorithm);
  } catch (cause) {
    throw new Error(`SyncProgressError: publicKey is not a key for ${algorithm}.`, { cause });
  }
}

function checkPublicKey(publicKey: unknown): void {
  if (typeof publicKey === "string") {
    if (publicKey.trim().startsWith(PEM_BEGIN)) return;
    throw invalid(`publicKey must begin with "${PEM_BEGIN}"`);
  }
  if (typeof publicKey !== "object" || publicKey === null || !("kty" in publicKey)) {
    throw invalid("publicKey must be PEM or a JSON Web Key");
  }
  // "d" is what makes it a private key, "k" the secret itself.
  if (publicKey.kty === "oct" || "k" in publicKey || "d" in publicKey) {
    throw invalid("publicKey must be a public key, got a secret or a private one");
  }
}

function checkUrl(jwksUrl: string | URL): URL {
  const text = String(jwksUrl);
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLocal)) return url;
  throw invalid(`jwksUrl must be an https URL, got ${JSON.stringify(text)}`);
}

function checkAlgorithms(algorithms: unknown, allowed: object, keyOption: string): void {
  const isValid =
    Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((one) => Object.hasOwn(allowed, one));
  if (isValid) return;
  throw invalid(
    `algorithms must be one or more of ${Object.keys(allowed).join(", ")} with ${keyOption}, got ${JSON.stringify(algorithms)}`,
  );
}

function invalid(message: string): TypeError {
  return new TypeError(`SyncProgressError: ${message}.`);
}

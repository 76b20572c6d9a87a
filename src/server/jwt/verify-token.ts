import { errors, type JWTVerifyGetKey, jwtVerify } from "jose";

/** The claims of a token whose signature and times are valid. What the issuer put in is of any type. */
export interface JwtClaims {
  /** When the token expires, in s since 1970. */
  readonly exp: number;
  readonly [name: string]: unknown;
}

/** Why a token was refused: for your log, never for whoever sent it. */
export type JwtRefusal =
  | "duplicate-cookie"
  | "malformed"
  | "algorithm"
  | "no-such-key"
  | "signature"
  | "expired"
  | "not-yet-valid"
  | "issuer"
  | "audience"
  | "claims"
  | "no-scope"
  | "revoked";

/** What a token must be. */
export interface TokenRules {
  readonly keySource: JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  /** `null`: tokens have none. */
  readonly issuer: readonly string[] | null;
  /** `null`: tokens have none. */
  readonly audience: readonly string[] | null;
  /** ms that a token is accepted before its `nbf`. */
  readonly clockToleranceMs: number;
}

export type VerifyResult =
  | { readonly ok: true; readonly claims: JwtClaims }
  | { readonly ok: false; readonly refusal: JwtRefusal };

/** Errors of jose that a token can cause, and not the server: a fault of its own is no reason to sign anybody out. */
const REFUSALS: Readonly<Record<string, JwtRefusal>> = {
  ERR_JWS_INVALID: "malformed",
  ERR_JWT_INVALID: "malformed",
  // An extension in `crit` that jose does not have.
  ERR_JOSE_NOT_SUPPORTED: "malformed",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "no-such-key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "no-such-key",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "claims",
};

const CLAIM_REFUSALS: Readonly<Record<string, JwtRefusal>> = { nbf: "not-yet-valid", iss: "issuer", aud: "audience" };

/** Verifies a token. Rejects only if that cannot be done at present: the keys cannot be fetched, or are not usable. */
export async function verifyToken(token: string, rules: TokenRules): Promise<VerifyResult> {
  const { keySource, algorithms, issuer, audience, clockToleranceMs } = rules;
  try {
    const { payload } = await jwtVerify(token, keySource, {
      algorithms: [...algorithms],
      requiredClaims: ["exp"],
      clockTolerance: clockToleranceMs / 1_000,
      ...(issuer !== null && { issuer: [...issuer] }),
      ...(audience !== null && { audience: [...audience] }),
    });
    const { exp } = payload;
    if (exp === undefined) return refuse("claims");
    // The tolerance is for `nbf`: nothing is served to a token that has expired.
    if (exp * 1_000 <= Date.now()) return refuse("expired");
    if (issuer === null && payload.iss !== undefined) return refuse("issuer");
    if (audience === null && payload.aud !== undefined) return refuse("audience");
    return { ok: true, claims: { ...payload, exp } };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return refuse(refusal);
  }
}

function refuse(refusal: JwtRefusal): VerifyResult {
  return { ok: false, refusal };
}

function refusalOf(error: unknown): JwtRefusal | null {
  if (!(error instanceof errors.JOSEError)) return null;
  const byClaim = error instanceof errors.JWTClaimValidationFailed ? CLAIM_REFUSALS[error.claim] : undefined;
  return byClaim ?? REFUSALS[error.code] ?? null;
}

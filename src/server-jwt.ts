export {
  createJwtAuthenticator,
  type JwtAuthenticator,
  type JwtAuthenticatorOptions,
} from "./server/jwt/jwt-authenticator.js";
export type { JwtKeyOptions, PublicKeyAlgorithm, SecretAlgorithm } from "./server/jwt/jwt-key.js";
export type { JwtClaims, JwtRefusal } from "./server/jwt/verify-token.js";

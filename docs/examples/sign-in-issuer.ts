import { createJwtAuthenticator } from "react-sync-progress/server/jwt";

/** Signs people in by the tokens of an identity provider, until their session there is revoked. */
export function createSignIn(issuer: string, isSessionRevoked: (sessionId: string) => Promise<boolean>) {
  return createJwtAuthenticator({
    jwksUrl: new URL(".well-known/jwks.json", issuer),
    algorithms: ["RS256"],
    issuer,
    audience: "sync-api",
    toScope: ({ sub, org, name }) =>
      typeof sub === "string" && typeof org === "string"
        ? { tenantId: org, userId: sub, displayName: typeof name === "string" ? name : undefined }
        : null,
    isRevoked: ({ sid }) => typeof sid !== "string" || isSessionRevoked(sid),
  });
}

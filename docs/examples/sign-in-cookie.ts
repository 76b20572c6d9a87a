import { SignJWT } from "jose";
import type { Scope } from "react-sync-progress/server";
import { createJwtAuthenticator } from "react-sync-progress/server/jwt";

/** Signs people in by a token of your own in a cookie that no script can read. */
export function createCookieSignIn(secret: string) {
  return {
    authenticate: createJwtAuthenticator({
      secret,
      algorithms: ["HS256"],
      issuer: "my-app",
      audience: "my-app",
      cookieName: "__Host-session",
      toScope: ({ sub, org }) =>
        typeof sub === "string" && typeof org === "string" ? { tenantId: org, userId: sub } : null,
    }),

    /** The header `Set-Cookie` of your sign-in page, after it has checked the password. */
    async cookieFor({ tenantId, userId }: Scope): Promise<string> {
      const token = await new SignJWT({ org: tenantId })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(userId)
        .setIssuer("my-app")
        .setAudience("my-app")
        .setExpirationTime("1h")
        .sign(new TextEncoder().encode(secret));
      return `__Host-session=${token}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=3600`;
    },
  };
}

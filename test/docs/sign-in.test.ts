import { afterEach, describe, expect, it } from "vitest";
import { createCookieSignIn } from "../../docs/examples/sign-in-cookie.js";
import { createSignIn } from "../../docs/examples/sign-in-issuer.js";
import { type RunningServer, serveFetch } from "../support/serve-fetch.js";
import { anIssuer, bearer, SECRET } from "../support/tokens.js";

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const requestWith = (headers: Record<string, string>) => new Request("http://localhost/api/integrations", { headers });

describe("the examples of the sign-in", () => {
  it("sign in by an identity provider, until the session is revoked", async () => {
    const issuer = await anIssuer();
    const server = await serveFetch(() => Response.json({ keys: [issuer.publicJwk] }));
    servers.push(server);
    const revoked = new Set<string>();
    const authenticate = createSignIn(`${server.url}/`, async (sessionId) => revoked.has(sessionId));
    const claims = { iss: `${server.url}/`, sid: "session-1", name: "Ada Lovelace" };
    const request = requestWith(bearer(await issuer.sign(claims)));
    expect(await authenticate(request)).toMatchObject({
      tenantId: "acme",
      userId: "ada",
      displayName: "Ada Lovelace",
    });
    revoked.add("session-1");
    expect(await authenticate(request)).toBeNull();
    expect(await authenticate(requestWith(bearer(await issuer.sign({ ...claims, sid: undefined }))))).toBeNull();
  });

  it("sign in by a cookie that they have made", async () => {
    const { authenticate, cookieFor } = createCookieSignIn(SECRET);
    const header = await cookieFor({ tenantId: "acme", userId: "ada" });
    expect(header).toMatch(/; HttpOnly; Secure; SameSite=Lax;/);
    const [cookie = ""] = header.split(";");
    expect(await authenticate(requestWith({ cookie }))).toMatchObject({ tenantId: "acme", userId: "ada" });
  });
});

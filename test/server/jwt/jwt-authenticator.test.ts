import fc from "fast-check";
import { decodeProtectedHeader } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createJwtAuthenticator, type JwtAuthenticatorOptions, type JwtRefusal } from "../../../src/server-jwt.js";
import { type RunningServer, serveFetch } from "../../support/serve-fetch.js";
import {
  AUDIENCE,
  anIssuer,
  authenticatorOf,
  bearer,
  COOKIE,
  claimOptions,
  forgeToken,
  type Issuer,
  inCookie,
  SECRET,
  signWithSecret,
} from "../../support/tokens.js";

const requestWith = (headers: Record<string, string>) => new Request("http://localhost/api/integrations", { headers });
const ADA = { tenantId: "acme", userId: "ada" };
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

let issuer: Issuer;
let other: Issuer;
beforeAll(async () => {
  [issuer, other] = await Promise.all([anIssuer(), anIssuer()]);
});

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe("a valid token", () => {
  it("signs its person in until it expires", async () => {
    const exp = inSeconds(60);
    const person = await authenticatorOf(issuer)(requestWith(bearer(await issuer.sign({ exp }))));
    expect(person).toEqual({ ...ADA, expiresAt: exp * 1_000 });
  });

  it("signs in until the end of the session, if that is sooner", async () => {
    const authenticate = authenticatorOf(issuer, { toScope: async () => ({ ...ADA, expiresAt: 5 }) });
    expect(await authenticate(requestWith(bearer(await issuer.sign())))).toEqual({ ...ADA, expiresAt: 5 });
  });

  it.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const)("may be signed with %s", async (algorithm) => {
    const signer = await anIssuer(algorithm);
    const token = await signer.sign();
    for (const publicKey of [signer.publicKeyPem, `\n${signer.publicKeyPem}\n`, { ...signer.publicJwk }]) {
      const authenticate = createJwtAuthenticator({ publicKey, algorithms: [algorithm], ...claimOptions });
      expect(await authenticate(requestWith(bearer(token)))).toMatchObject(ADA);
    }
  });

  it("may be signed with a secret", async () => {
    for (const secret of [SECRET, new TextEncoder().encode(SECRET)]) {
      const authenticate = createJwtAuthenticator({ secret, algorithms: ["HS256"], ...claimOptions });
      expect(await authenticate(requestWith(bearer(await signWithSecret())))).toMatchObject(ADA);
    }
  });

  it("may name its issuer and audience among several, or none where none is expected", async () => {
    const several = authenticatorOf(issuer, { issuer: ["a", "https://login.example.com/"], audience: ["a", AUDIENCE] });
    expect(await several(requestWith(bearer(await issuer.sign({ aud: ["b", AUDIENCE] }))))).toMatchObject(ADA);
    const none = authenticatorOf(issuer, { issuer: null, audience: null });
    const plain = await issuer.sign({ iss: undefined, aud: undefined });
    expect(await none(requestWith(bearer(plain)))).toMatchObject(ADA);
  });

  it("may begin a little later, by the clock of its issuer", async () => {
    const token = await issuer.sign({ nbf: inSeconds(3) });
    expect(await authenticatorOf(issuer)(requestWith(bearer(token)))).toMatchObject(ADA);
    expect(await authenticatorOf(issuer, { clockToleranceMs: 0 })(requestWith(bearer(token)))).toBeNull();
  });
});

describe("a token is refused", () => {
  const signedBy = (claims: Record<string, unknown>) => () => issuer.sign(claims);
  const rs256 = { alg: "RS256" };
  const WRONG: Record<string, readonly [JwtRefusal, () => Promise<string> | string]> = {
    "that has expired": ["expired", signedBy({ exp: inSeconds(-1) })],
    "that expires now": ["expired", signedBy({ exp: inSeconds(0) })],
    "that never expires": ["claims", signedBy({ exp: undefined })],
    "that is not valid yet": ["not-yet-valid", signedBy({ nbf: inSeconds(30) })],
    "for another audience": ["audience", signedBy({ aud: "other-api" })],
    "for no audience": ["audience", signedBy({ aud: undefined })],
    "of another issuer": ["issuer", signedBy({ iss: "https://evil.example/" })],
    "of no issuer": ["issuer", signedBy({ iss: undefined })],
    "of nobody": ["no-scope", signedBy({ sub: undefined })],
    "signed with another key": ["signature", () => other.sign()],
    "signed with another algorithm of the same key": ["algorithm", async () => (await anIssuer("RS384")).sign()],
    "signed with the public key as a secret": ["algorithm", () => signWithSecret({}, issuer.publicKeyPem)],
    "with an algorithm that only its header has": ["signature", async () => forgeToken(rs256, {}, "AAAA")],
    "that is not signed": ["algorithm", () => forgeToken({ alg: "none" })],
    "with None in other letters": ["algorithm", () => forgeToken({ alg: "nOnE" })],
    "without algorithm": ["malformed", () => forgeToken({})],
    "that brings its own key": [
      "signature",
      () => other.sign({}, { jwk: other.publicJwk, jku: "https://evil.example/keys" }),
    ],
    "with an extension that must be understood": ["malformed", () => forgeToken({ ...rs256, crit: ["x"], x: 1 })],
    "that is empty": ["malformed", () => ""],
    "that is no token": ["malformed", () => "secret"],
    "in two parts": ["malformed", async () => (await issuer.sign()).split(".").slice(0, 2).join(".")],
    "followed by another": ["malformed", async () => `${await issuer.sign()}, Bearer ${await issuer.sign()}`],
    "with a header that is no JSON": ["malformed", () => `${"x".repeat(8)}.e30.AAAA`],
  };

  it.each(Object.keys(WRONG))("%s", async (what) => {
    const [refusal, make] = WRONG[what] ?? [];
    const onRefused = vi.fn();
    const token = (await make?.()) ?? "";
    for (const headers of [bearer(token), inCookie(token.replace(", ", ","))]) {
      expect(await authenticatorOf(issuer, { onRefused })(requestWith(headers))).toBeNull();
      expect(onRefused).toHaveBeenLastCalledWith(refusal);
    }
  });

  it("if issuer or audience are there, but none is expected", async () => {
    const onRefused = vi.fn();
    const token = requestWith(bearer(await issuer.sign()));
    expect(await authenticatorOf(issuer, { issuer: null, onRefused })(token)).toBeNull();
    expect(await authenticatorOf(issuer, { audience: null, onRefused })(token)).toBeNull();
    expect(onRefused.mock.calls).toEqual([["issuer"], ["audience"]]);
  });

  it("if its session was revoked", async () => {
    const onRefused = vi.fn();
    const authenticate = authenticatorOf(issuer, { isRevoked: ({ jti }) => jti === "gone", onRefused });
    expect(await authenticate(requestWith(bearer(await issuer.sign({ jti: "gone" }))))).toBeNull();
    expect(await authenticate(requestWith(bearer(await issuer.sign({ jti: "there" }))))).toMatchObject(ADA);
    expect(onRefused.mock.calls).toEqual([["revoked"]]);
  });

  it("signed with a public key where a secret is expected", async () => {
    const authenticate = createJwtAuthenticator({ secret: SECRET, algorithms: ["HS256"], ...claimOptions });
    expect(await authenticate(requestWith(bearer(await issuer.sign())))).toBeNull();
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("the log is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the log is full"))],
  ])("also if onRefused %s", async (_, onRefused) => {
    expect(await authenticatorOf(issuer, { onRefused })(requestWith(bearer("x")))).toBeNull();
  });

  it("whatever was changed in it, and without an exception", async () => {
    const token = await issuer.sign();
    const authenticate = authenticatorOf(issuer);
    const alphabet = fc.constantFrom(...'abcXYZ019-_.=+/%{},"é');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length),
        fc.nat(3),
        fc.string({ unit: alphabet, maxLength: 6 }),
        async (at, cut, text) => {
          const changed = token.slice(0, at) + text + token.slice(at + cut);
          const parts = changed.split(".");
          // The last character of a signature has bits that mean nothing.
          fc.pre(parts.slice(0, 2).join(".") !== token.split(".").slice(0, 2).join("."));
          expect(await authenticate(requestWith(bearer(changed)))).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the place of the token", () => {
  it("is the header first, and the cookie only if the header has none", async () => {
    const authenticate = authenticatorOf(issuer);
    const [ada, eve] = await Promise.all([issuer.sign(), issuer.sign({ sub: "eve" })]);
    const both = requestWith({ ...bearer(eve), ...inCookie(ada) });
    expect(await authenticate(both)).toMatchObject({ userId: "eve" });
    expect(await authenticate(requestWith(inCookie(ada)))).toMatchObject({ userId: "ada" });
    expect(await authenticate(requestWith({ ...bearer("expired"), ...inCookie(ada) }))).toBeNull();
    expect(await authenticate(requestWith({ authorization: "Basic eDp5", ...inCookie(ada) }))).toMatchObject(ADA);
    expect(await authenticate(requestWith({ authorization: `bearer  ${ada}` }))).toMatchObject(ADA);
  });

  it("is nowhere if there is no token", async () => {
    const onRefused = vi.fn();
    const authenticate = authenticatorOf(issuer, { onRefused });
    expect(await authenticate(requestWith({}))).toBeNull();
    expect(await authenticate(requestWith({ cookie: `not-${COOKIE}=x; ${COOKIE}x=y; ${COOKIE}` }))).toBeNull();
    expect(onRefused).not.toHaveBeenCalled();
  });

  it("is no cookie unless one is named", async () => {
    const authenticate = authenticatorOf(issuer, { cookieName: undefined });
    expect(await authenticate(requestWith(inCookie(await issuer.sign())))).toBeNull();
  });

  it("is not one of two cookies, even if both are valid", async () => {
    const onRefused = vi.fn();
    const token = await issuer.sign();
    const twice = requestWith({ cookie: `${COOKIE}=${token}; a=b;${COOKIE}=${token}` });
    expect(await authenticatorOf(issuer, { onRefused })(twice)).toBeNull();
    expect(onRefused).toHaveBeenCalledWith("duplicate-cookie");
  });
});

describe("what is wrong with the server, and not with the token,", () => {
  it("is a rejection: a revocation list that cannot be read, a key of another algorithm", async () => {
    const request = requestWith(bearer(await issuer.sign()));
    const failure = new Error("the session store is down");
    await expect(authenticatorOf(issuer, { isRevoked: () => Promise.reject(failure) })(request)).rejects.toBe(failure);
    const mixedUp = createJwtAuthenticator({ publicKey: issuer.publicKeyPem, algorithms: ["ES256"], ...claimOptions });
    const token = forgeToken({ alg: "ES256" }, {}, "AAAA");
    await expect(mixedUp(requestWith(bearer(token)))).rejects.toThrow("publicKey is not a key for ES256.");
  });

  it("is a rejection: a scope without a tenant, which all such tokens would share", async () => {
    const request = requestWith(bearer(await issuer.sign()));
    const toScope = () => ({ tenantId: "", userId: "ada" });
    await expect(authenticatorOf(issuer, { toScope })(request)).rejects.toThrow("toScope must return a tenantId");
  });
});

describe("the keys of an issuer at an address", () => {
  async function serveKeys(keys: () => readonly object[], status = 200) {
    let requests = 0;
    const server = await serveFetch(() => {
      requests += 1;
      return Response.json({ keys: keys() }, { status });
    });
    servers.push(server);
    const authenticate = createJwtAuthenticator({
      jwksUrl: `${server.url}/jwks.json`,
      algorithms: ["RS256", "ES256"],
      ...claimOptions,
    });
    return { authenticate, requests: () => requests };
  }

  it("are fetched once, and found by the id in the header", async () => {
    const keys = [
      { ...issuer.publicJwk, kid: "1", alg: "RS256" },
      { ...other.publicJwk, kid: "2", alg: "RS256" },
    ];
    const { authenticate, requests } = await serveKeys(() => keys);
    expect(await authenticate(requestWith(bearer(await issuer.sign({}, { kid: "1" }))))).toMatchObject(ADA);
    expect(await authenticate(requestWith(bearer(await other.sign({}, { kid: "2" }))))).toMatchObject(ADA);
    expect(requests()).toBe(1);
    for (const kid of ["2", "3", undefined]) {
      expect(await authenticate(requestWith(bearer(await issuer.sign({}, { kid }))))).toBeNull();
    }
    expect(requests()).toBe(1);
  });

  it("that cannot be fetched are no reason to sign anybody out", async () => {
    const { authenticate } = await serveKeys(() => [], 503);
    await expect(authenticate(requestWith(bearer(await issuer.sign())))).rejects.toThrow("Expected 200 OK");
    expect(await authenticate(requestWith(bearer(await signWithSecret({}, issuer.publicKeyPem))))).toBeNull();
  });
});

describe("the options", () => {
  const create = (options: object) => () =>
    createJwtAuthenticator({ ...claimOptions, ...options } as JwtAuthenticatorOptions);
  const WRONG: readonly (readonly [string, object, string])[] = [
    [
      "a short secret",
      { secret: "short", algorithms: ["HS256"] },
      "secret must have at least 32 bytes for HS256, got 5.",
    ],
    ["a secret too short for one of them", { secret: SECRET, algorithms: ["HS256", "HS512"] }, "at least 64 bytes"],
    ["no key", { algorithms: ["HS256"] }, "exactly one of secret, publicKey and jwksUrl"],
    ["two keys", { secret: SECRET, jwksUrl: "https://a.b", algorithms: ["HS256"] }, "exactly one of"],
    ["no algorithms", { secret: SECRET }, "algorithms must be one or more of HS256, HS384, HS512 with secret"],
    ["an empty list of algorithms", { secret: SECRET, algorithms: [] }, "algorithms must be"],
    ["none", { secret: SECRET, algorithms: ["HS256", "none"] }, "algorithms must be"],
    ["a public algorithm for a secret", { secret: SECRET, algorithms: ["RS256"] }, "algorithms must be"],
    ["a name of every object", { secret: SECRET, algorithms: ["toString"] }, "algorithms must be"],
    ["a secret one for addresses", { jwksUrl: "https://a.b", algorithms: ["HS256"] }, "with jwksUrl"],
    ["plain HTTP", { jwksUrl: "http://login.example.com/keys", algorithms: ["RS256"] }, "must be an https URL"],
    ["no URL", { jwksUrl: "keys", algorithms: ["RS256"] }, "must be an https URL"],
    [
      "a secret in PEM",
      { secret: "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg", algorithms: ["HS256"] },
      "give that as publicKey",
    ],
    ["a secret that is a number", { secret: 5, algorithms: ["HS256"] }, "secret must be a string"],
    ["a private key", { publicKey: "-----BEGIN PRIVATE KEY-----", algorithms: ["RS256"] }, "must begin with"],
    ["a private JWK", { publicKey: { kty: "EC", d: "x" }, algorithms: ["ES256"] }, "must be a public key"],
    ["a secret JWK", { publicKey: { kty: "oct", k: "x" }, algorithms: ["ES256"] }, "must be a public key"],
    ["no JWK", { publicKey: {}, algorithms: ["ES256"] }, "must be PEM or a JSON Web Key"],
    ["kinds of keys", { publicKey: { kty: "EC" }, algorithms: ["ES256", "RS256"] }, "the same kind of key"],
    ["no issuer", { secret: SECRET, algorithms: ["HS256"], issuer: undefined }, "issuer must be a text or several"],
    ["an empty issuer", { secret: SECRET, algorithms: ["HS256"], issuer: "" }, "issuer must be"],
    ["an empty audience", { secret: SECRET, algorithms: ["HS256"], audience: [] }, "audience must be"],
    ["a cookie with a space", { secret: SECRET, algorithms: ["HS256"], cookieName: "a b" }, "cookieName must be"],
    ["a tolerance of NaN", { secret: SECRET, algorithms: ["HS256"], clockToleranceMs: Number.NaN }, "clockToleranceMs"],
  ];

  it.each(WRONG)("refuse %s at the start", (_, options, message) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(message);
  });

  it("never print a secret", () => {
    expect(create({ secret: "hunter2", algorithms: ["HS256"] })).not.toThrow("hunter2");
  });

  it("cannot be changed afterwards", async () => {
    const algorithms: ("HS256" | "HS512")[] = ["HS256"];
    const authenticate = createJwtAuthenticator({ secret: SECRET.repeat(2), algorithms, ...claimOptions });
    algorithms.push("HS512");
    const token = await signWithSecret({}, SECRET.repeat(2), "HS512");
    expect(decodeProtectedHeader(token).alg).toBe("HS512");
    expect(await authenticate(requestWith(bearer(token)))).toBeNull();
  });
});

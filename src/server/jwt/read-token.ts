/** The token of a request. Of several cookies nobody can say which is meant. */
export type TokenResult =
  | { readonly kind: "none" }
  | { readonly kind: "several" }
  | { readonly kind: "token"; readonly token: string };

/** Characters of a cookie's name (RFC 6265, section 4.1.1). */
const COOKIE_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** @throws TypeError when no cookie can have that name. */
export function checkCookieName(name: string | undefined): void {
  if (name === undefined || (typeof name === "string" && COOKIE_NAME.test(name))) return;
  throw new TypeError(`SyncProgressError: cookieName must be the name of a cookie, got ${JSON.stringify(name)}.`);
}

/**
 * Reads the token of the header `Authorization: Bearer`, and only if there is none that of the cookie. Other schemes are
 * ignored: a proxy in front may use them for a sign-in of its own.
 */
export function readToken({ headers }: Request, cookieName: string | undefined): TokenResult {
  const [scheme, ...rest] = (headers.get("authorization") ?? "").trim().split(/\s+/);
  if (scheme?.toLowerCase() === "bearer") return { kind: "token", token: rest.join(" ") };
  if (cookieName === undefined) return { kind: "none" };
  const [first, second] = valuesOfCookie(headers.get("cookie") ?? "", cookieName);
  if (first === undefined) return { kind: "none" };
  // A page of another subdomain can set a second cookie of this name; which comes first is then up to that page.
  return second === undefined ? { kind: "token", token: first } : { kind: "several" };
}

function valuesOfCookie(header: string, name: string): readonly string[] {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/^"(.*)"$/, "$1"));
}

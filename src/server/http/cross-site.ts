import type { MiddlewareHandler } from "hono";
import { Refusal } from "./refusal.js";

/** Methods that change nothing, as HTTP defines them. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** An origin as browsers send it: of the web, or of an application shell (`capacitor://localhost`). */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#*\s]+$/;

/**
 * The origins that may call with cookies.
 *
 * @throws TypeError when one is not an origin. `"*"` is none: browsers send no cookies there.
 */
export function checkOrigins(origin: string | readonly string[]): readonly string[] {
  const origins = typeof origin === "string" ? [origin] : origin;
  for (const one of origins) {
    if (typeof one === "string" && ORIGIN.test(one)) continue;
    throw new TypeError(
      `SyncProgressError: cors.origin must name origins such as "https://app.example.com", got ${JSON.stringify(one)}. The routes are called with cookies, so "*" cannot work.`,
    );
  }
  return origins;
}

/**
 * Refuses requests that change something and come from a page of another site, whatever its cookies say; `origins` are
 * those that may. Programs that are no browser send neither header and pass.
 */
export function refuseCrossSite(origins: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const { method, headers, url } = context.req.raw;
    if (SAFE_METHODS.has(method) || origins.includes(headers.get("origin") ?? "") || isOwnPage(headers, url)) {
      return next();
    }
    throw new Refusal(
      403,
      "cross_site",
      "This request comes from a page of another origin. If that page may call, name its origin in the option cors.origin of the sync routes; if it is your own, let your proxy pass the Host header on.",
    );
  };
}

function isOwnPage(headers: Headers, url: string): boolean {
  const site = headers.get("sec-fetch-site");
  // The browser's own judgement. It knows the address in front of every proxy, which the server may not.
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = headers.get("origin");
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  // No page can set these headers for another site without a preflight, which is refused.
  const forwarded = headers.get("x-forwarded-host")?.split(",")[0]?.trim();
  const hosts = [headers.get("host"), forwarded, new URL(url).host];
  // Without the scheme, which a proxy that ends TLS changes.
  return hosts.includes(new URL(origin).host);
}

import { decodeSyncPage } from "../../protocol/sync-page.js";
import { type BaseAttempt, commonFailure, type Evidence } from "../evidence/evidence.js";
import { exchangesOf } from "../evidence/find-base.js";
import type { Exchange } from "../http/exchange.js";
import type { NetworkFailure } from "../http/network-failure.js";
import { isHtml, isRefusal } from "../http/read-json.js";
import { anyServer, theClient, thisCommand } from "./changes.js";
import { type Change, type Check, type Finding, fault, hint, ok, skipped, warning } from "./check.js";
import { showResponse } from "./show.js";

/** Whether there is a sync API, and how a page gets to it. */
export const addressChecks: readonly Check[] = [
  { id: "address", subject: "host, TLS, and the path of the API", step: "address", judge: judgeAddress },
  { id: "redirects", subject: "redirects on the way to the API", step: "address", judge: judgeRedirects },
  { id: "sign-in", subject: "whether the cookie or header is accepted", step: "address", judge: judgeSignIn },
  { id: "connections", subject: "HTTP/2, or one stream for all syncs", step: "address", judge: judgeConnections },
];

/** Whether all requests were refused because nobody is signed in. */
export function isSignedOut(attempt: BaseAttempt): boolean {
  const responses = exchangesOf(attempt).filter(({ head }) => head !== null);
  return responses.length > 0 && responses.every((response) => isRefusal(response) || isSignInPage(response));
}

const isSignInPage = (response: Exchange) => response.redirects.length > 0 && isHtml(response);

const CHANGES_BY_FAILURE: Partial<Record<NetworkFailure["kind"], readonly Change[]>> = {
  refused: [thisCommand("Start the server, or correct host and port of the URL.")],
  host: [thisCommand("Correct the host name of the URL.")],
  timeout: [anyServer("See whether a firewall drops the packets, and whether the server still accepts connections.")],
  certificate: [
    anyServer("Renew the certificate, or send the whole chain: browsers refuse it as well."),
    { where: "this machine", text: "NODE_EXTRA_CA_CERTS=/path/to/ca.pem, if your company has an authority of its own" },
  ],
};

function judgeAddress({ address, target }: Evidence): Finding {
  const attempts = address?.attempts ?? [];
  const last = attempts.at(-1);
  if (address === null || last === undefined) return skipped("Nothing was requested.");
  const failure = commonFailure(exchangesOf(last));
  if (address.found === null && failure !== null) {
    return fault({
      seen: `${new URL(target.url).host} cannot be reached: ${failure.words}.`,
      evidence: failure.code === "" ? [] : [failure.code],
      why: 'A page shows "Progress cannot be shown right now" and keeps trying.',
      change: CHANGES_BY_FAILURE[failure.kind] ?? [],
    });
  }
  if (attempts.flatMap(exchangesOf).some(isSignInPage))
    return skipped("The requests are redirected to a web page, see sign-in.");
  if (address.found === null) {
    return fault({
      seen: `There is no sync API at ${attempts.map(({ baseUrl }) => baseUrl).join(", nor at ")}.`,
      evidence: attempts.flatMap(({ integrations, unknown }) => [
        ...showResponse(integrations, "content-type"),
        ...showResponse(unknown, "content-type"),
      ]),
      why: "A page that requests a sync there gets something else, often the HTML of the app itself.",
      change: [
        thisCommand("Give the URL below which `sync-progress` and `integrations` are, such as https://host/api."),
        { where: "Vite", text: 'server: { proxy: { "/api": "http://localhost:8787" } }' },
        {
          where: "nginx",
          text: "location /api/ { proxy_pass http://127.0.0.1:8787; }  # before the fallback to index.html",
        },
      ],
    });
  }
  const { baseUrl } = address.found;
  const isGiven = baseUrl === target.url.replace(/\/+$/, "");
  return ok(isGiven ? baseUrl : `${baseUrl}, found by itself; give the client this as baseUrl`);
}

function judgeRedirects({ address }: Evidence): Finding {
  const found = address?.found ?? null;
  if (found === null) return skipped("No API was found.");
  const redirected = exchangesOf(found).find((response) => response.redirects.length > 0 && !isSignInPage(response));
  const first = redirected?.redirects[0];
  if (redirected === undefined || first === undefined) return ok("none");
  return warning({
    seen: `Requests are redirected to ${new URL(redirected.url).origin}.`,
    evidence: redirected.redirects.map(({ status, from, to }) => `${status} ${from} -> ${to}`),
    why: "Every request takes one more round trip, and a POST that is redirected with 301 or 302 becomes a GET, which starts nothing.",
    change: [theClient(`Give it the last address as baseUrl: ${new URL(redirected.url).origin}`)],
  });
}

function judgeSignIn({ address, target }: Evidence): Finding {
  const found = address?.found ?? null;
  const page = address?.attempts.flatMap(exchangesOf).find(isSignInPage);
  if (page !== undefined) {
    return fault({
      seen: "A request of nobody who is signed in is redirected to a web page.",
      evidence: page.redirects.map(({ status, from, to }) => `${status} ${from} -> ${to}`),
      why: 'The page follows the redirect and gets HTML with status 200, so it shows "Connection lost" instead of "You have been signed out".',
      change: [anyServer("Respond to requests below the API with 401 and JSON; redirect only what a person opens.")],
    });
  }
  if (found === null) return skipped("No API was found.");
  if (!isSignedOut(found)) return ok("accepted");
  const isNobody = target.identity.cookie === null && Object.keys(target.identity.headers).length === 0;
  return fault({
    seen: isNobody
      ? "The API responds to nobody but those who are signed in."
      : "The API does not accept the cookie or header that was given.",
    evidence: showResponse(found.list),
    why: "Nothing else can be examined.",
    change: [
      thisCommand(
        "Copy the request header Cookie of a signed-in browser: --cookie 'session=...'; or --header 'Authorization: Bearer ...'.",
      ),
    ],
  });
}

function judgeConnections({ address }: Evidence): Finding {
  if (address === null || address.found === null) return skipped("No API was found.");
  if (address.tlsProtocol === "h2") return ok("HTTP/2");
  const page = decodeSyncPage(address.found.list.body);
  if (page.ok && page.value.hasFeed) return ok("HTTP/1.1, and one stream for all syncs of a person");
  return hint({
    seen: "HTTP/1.1, and no stream that carries all syncs of a person (the list does not say `feed: true`).",
    why: "A browser opens six connections to a host, for all tabs together, and each stream holds one. The client opens four streams at most and polls the rest.",
    change: [
      { where: "nginx", text: "listen 443 ssl; http2 on;  # before 1.25.1: listen 443 ssl http2;" },
      { where: "HAProxy", text: "bind :443 ssl crt /path alpn h2,http/1.1" },
      anyServer("Or offer the feed: GET /sync-progress/stream, see docs/protocol.md."),
    ],
  });
}

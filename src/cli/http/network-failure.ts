/** Why there was no response. */
export interface NetworkFailure {
  readonly kind: "host" | "refused" | "timeout" | "certificate" | "cut" | "not-http" | "other";
  /** The code of Node, such as `ECONNREFUSED`; empty if there is none. */
  readonly code: string;
  /** What happened, in plain words. */
  readonly words: string;
}

const BY_CODE: Readonly<Record<string, Omit<NetworkFailure, "code">>> = {
  ENOTFOUND: { kind: "host", words: "the host name does not exist" },
  EAI_AGAIN: { kind: "host", words: "the host name could not be looked up; is this machine online?" },
  ECONNREFUSED: { kind: "refused", words: "nothing listens on this port" },
  EHOSTUNREACH: { kind: "refused", words: "there is no way to this host" },
  ENETUNREACH: { kind: "refused", words: "there is no way to this network" },
  ETIMEDOUT: { kind: "timeout", words: "no response in time" },
  ECONNRESET: { kind: "cut", words: "the connection was closed without a response" },
  EPIPE: { kind: "cut", words: "the connection was closed without a response" },
  EPROTO: { kind: "certificate", words: "the server does not speak TLS on this port; is the URL http:// in truth?" },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: "certificate",
    words: "the server does not speak TLS on this port; is the URL http:// in truth?",
  },
  CERT_HAS_EXPIRED: { kind: "certificate", words: "the certificate has expired" },
  CERT_NOT_YET_VALID: { kind: "certificate", words: "the certificate is not valid yet; is the clock right?" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { kind: "certificate", words: "the certificate is signed by itself, by no authority" },
  SELF_SIGNED_CERT_IN_CHAIN: {
    kind: "certificate",
    words: "the certificate is signed by an authority that this machine does not trust",
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    kind: "certificate",
    words: "the certificate is signed by an authority that this machine does not trust",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    kind: "certificate",
    words: "the server sends its certificate without the intermediate ones",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: { kind: "certificate", words: "the certificate is for another host name" },
};

/** A request was given up because nothing came in time. */
export class TimeoutError extends Error {
  readonly code = "ETIMEDOUT";
}

/** What the error of a request means. */
export function readFailure(error: unknown): NetworkFailure {
  // A host with several addresses fails with one error for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first ? String(first.code) : "";
  const entry = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (entry !== undefined) return { ...entry, code };
  if (code.startsWith("HPE_")) return { kind: "not-http", code, words: "the response is not HTTP/1.1" };
  return { kind: "other", code, words: first instanceof Error ? first.message : String(first) };
}

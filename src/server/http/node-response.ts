/** What is used of a response of Node's `http`. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly writableNeedDrain: boolean;
  write(bytes: Uint8Array): boolean;
  /** Added by middleware that compresses: sends what it holds back. */
  flush?: () => unknown;
  destroy(): unknown;
  end: () => unknown;
  on(event: "drain" | "close" | "error", listener: () => void): unknown;
}

/** The response of Node that a request is responded to with, if the host says so as `@hono/node-server` does. */
export function nodeResponseOf(env: unknown): NodeResponse | null {
  const outgoing = typeof env === "object" && env !== null && "outgoing" in env ? env.outgoing : null;
  return isNodeResponse(outgoing) ? outgoing : null;
}

/** HTTP/2 responses have no `writableNeedDrain`. */
function isNodeResponse(value: unknown): value is NodeResponse {
  return (
    typeof value === "object" &&
    value !== null &&
    "headersSent" in value &&
    "writableNeedDrain" in value &&
    "write" in value &&
    "end" in value &&
    "destroy" in value &&
    "on" in value
  );
}

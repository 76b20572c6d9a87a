import { decodeJson } from "../../protocol/decoding.js";
import type { Exchange } from "./exchange.js";

/** The JSON of a response; `undefined` if there is none. */
export function readJson({ body }: Pick<Exchange, "body">): unknown {
  const json = decodeJson(body);
  return json.ok ? json.value : undefined;
}

/** Whether the response is a web page. */
export function isHtml({ head, body }: Pick<Exchange, "head" | "body">): boolean {
  const type = head?.headers["content-type"] ?? "";
  return /html/i.test(type) || /^\s*<(!doctype|html)/i.test(body);
}

/** Whether a request was refused because of who sent it. */
export function isRefusal({ head }: Pick<Exchange, "head">): boolean {
  return head?.status === 401 || head?.status === 403;
}

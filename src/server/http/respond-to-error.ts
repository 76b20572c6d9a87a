import type { Context, MiddlewareHandler } from "hono";
import { isInstance } from "../is-instance.js";
import { SyncServiceClosedError } from "../service-shutdown.js";
import { InvalidCursorError, StoreRecoveringError } from "../sync-store.js";
import { Refusal, recovering, shuttingDown } from "./refusal.js";

/** Responds to a request that was refused, or in which something broke: then with nothing of what it was. */
export function respondToError(context: Context, error: unknown, report: (error: unknown) => void): Response {
  if (error instanceof Refusal) {
    const { message, code, status, headers } = error;
    return context.json({ success: false, error: message, code }, status, { ...headers });
  }
  if (isInstance(error, SyncServiceClosedError, "SyncServiceClosedError"))
    return respondToError(context, shuttingDown(), report);
  if (isInstance(error, StoreRecoveringError, "StoreRecoveringError"))
    return respondToError(context, recovering(), report);
  if (isInstance(error, InvalidCursorError, "InvalidCursorError")) {
    return context.json({ success: false, error: error.message, code: "bad_request" }, 400);
  }
  report(error);
  return context.json({ success: false, error: "Something went wrong on the server.", code: "internal" }, 500);
}

/** Responds to what is thrown behind it, also if it is no instance of `Error`: only those does Hono give to `onError`. */
export function containFaults(report: (error: unknown) => void): MiddlewareHandler {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      context.res = respondToError(context, error, report);
    }
  };
}

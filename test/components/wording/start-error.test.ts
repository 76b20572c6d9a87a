import { expect, it } from "vitest";
import { SyncRequestError } from "../../../src/client/sync-request.js";
import { labelsEn } from "../../../src/components/labels/en.js";
import { startErrorText } from "../../../src/components/wording/start-error.js";

it.each([
  ["no error", null, null],
  ["none given", undefined, null],
  [
    "a sentence of the application's",
    "Gmail is being synced by somebody else.",
    "Gmail is being synced by somebody else.",
  ],
  [
    "a refusal with the server's own sentence",
    new SyncRequestError("Too busy.", { status: 503, safeMessage: "Too busy." }),
    "Too busy.",
  ],
  ["a refusal without one", new SyncRequestError("POST /api/x was answered with 500.", { status: 500 }), ""],
  [
    "a server that cannot be reached",
    new SyncRequestError("POST /api/x failed: fetch failed."),
    labelsEn.notResponding,
  ],
  ["an error of another kind", new TypeError("x is undefined"), ""],
])("shows the person of a failed start: %s", (_, error, text) => {
  expect(startErrorText(error, labelsEn)).toBe(text);
});

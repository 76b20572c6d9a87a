import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import { STATUSES } from "../../src/protocol/status.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { startSyncServer } from "../support/sync-server.js";
import { contractPath, operations, problemsOf, schemaOf } from "./contract.js";
import { everythingOf, ResponseCheck } from "./response-check.js";
import { walkRoutes } from "./walk-routes.js";

const STREAM = "text/event-stream";

it("is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(contractPath);
  expect([valid, errors, validator.version]).toEqual([true, undefined, "3.1"]);
});

it("has every route of the server half, and no other", async () => {
  const { app } = await startSyncServer();
  const routes = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replace(/^\/api/, "").replace(/:(\w+)/g, "{$1}")}`);
  expect(routes.length).toBeGreaterThan(10);
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
});

it("has every field of a snapshot, and no other", () => {
  const complete = encodeSnapshot(
    aSnapshot({ phases: [{ name: "a", label: "A", weight: 1 }], notifyEmail: true, startedBy: "Ada" }),
  );
  const { properties } = schemaOf("Snapshot") as { readonly properties: object };
  expect(Object.keys(properties).sort()).toEqual(Object.keys(complete).sort());
});

it("has every status but the one that is only a reader's", () => {
  const accepted = Object.keys(STATUSES).filter(
    (status) => problemsOf(schemaOf("Snapshot"), { sync_id: "a", status }, "closed").length === 0,
  );
  expect(accepted).toEqual(Object.keys(STATUSES).filter((status) => status !== "running"));
});

it("is in docs/protocol.md as well: each field, event, status and error", () => {
  const words = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const fieldsOf = (name: string) => Object.keys((schemaOf(name) as { readonly properties: object }).properties);
  const fields = ["Snapshot", "Integration", "Failure", "SyncPage", "Heartbeat", "Ready"].flatMap(fieldsOf);
  const events = operations.flatMap(({ responses }) => [
    ...(responses.get(200)?.content.get(STREAM)?.events.keys() ?? []),
  ]);
  const statuses = operations.flatMap(({ responses }) => [...responses.keys()].map(String));
  const { code } = (schemaOf("Error") as { readonly properties: { readonly code: { readonly enum: string[] } } })
    .properties;
  const isNamed = (word: string) => new RegExp(`[\\s\`"|]${word}[\\s\`"|,]`).test(words);
  expect([...fields, ...events, ...statuses, ...code.enum].filter((word) => !isNamed(word))).toEqual([]);
});

it("refuses what it does not name, and what is out of bounds", () => {
  const isAccepted = (given: object, as: "open" | "closed" = "closed") =>
    problemsOf(schemaOf("Snapshot"), { sync_id: "a", status: "syncing", ...given }, as).length === 0;
  expect(isAccepted({ percent_complete: 99.5, total_items: null, updated_at: "2026-11-25T10:00:00.000Z" })).toBe(true);
  expect(isAccepted({ tenant_id: "acme" })).toBe(false);
  expect(isAccepted({ tenant_id: "acme" }, "open")).toBe(true);
  for (const wrong of [
    { percent_complete: 101 },
    { processed_items: 1.5 },
    { updated_at: "yesterday" },
    { stage: "x".repeat(501) },
    { status: "running" },
    { phases: [{ name: "a", label: "A", weight: 1, colour: "red" }] },
  ]) {
    expect(isAccepted(wrong), JSON.stringify(wrong)).toBe(false);
  }
});

it("has all that the running routes respond, and nothing else", async () => {
  const check = new ResponseCheck();
  await walkRoutes(check);
  expect(check.problems).toEqual([]);
  expect(everythingOf(operations).filter((entry) => !check.seen.has(entry))).toEqual([]);
});

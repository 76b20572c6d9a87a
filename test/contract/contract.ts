import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isObject, type JsonObject } from "../../src/protocol/decoding.js";

/** An operation of `docs/openapi.json`, with what can be checked of its responses. */
export interface Operation {
  readonly method: string;
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly responses: ReadonlyMap<number, OperationResponse>;
}

interface OperationResponse {
  readonly headers: ReadonlyMap<string, { readonly isRequired: boolean; readonly schema: unknown }>;
  readonly content: ReadonlyMap<string, MediaType>;
}

interface MediaType {
  readonly schema: unknown;
  /** Of an event stream: the schema of the `data` of each event. */
  readonly events: ReadonlyMap<string, unknown>;
  /** Of ndjson: the schemas that a line may have. */
  readonly lines: readonly unknown[];
}

const METHODS = ["get", "post", "put", "delete", "patch"] as const;

export const contractPath = new URL("../../docs/openapi.json", import.meta.url).pathname;
const root: unknown = JSON.parse(readFileSync(contractPath, "utf8"));

// "strict" refuses keywords that JSON Schema does not have, so that a typo does not switch a check off.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
const validators = new Map<unknown, { readonly open: ValidateFunction; readonly closed: ValidateFunction }>();

/** All operations of the file; paths without a parameter first, as a router tries them. */
export const operations: readonly Operation[] = membersOf(member(root, "paths"))
  .flatMap(([path, item]) =>
    METHODS.filter((method) => member(item, method) !== undefined).map((method) => ({
      method: method.toUpperCase(),
      path,
      responses: readResponses(member(member(item, method), "responses")),
    })),
  )
  .sort((a, b) => Number(a.path.includes("{")) - Number(b.path.includes("{")));

/** The operation of a request; `path` is that below the base path. */
export function operationOf(method: string, path: string): Operation | undefined {
  const parts = path.split(/[?#]/)[0]?.split("/") ?? [];
  return operations.find((operation) => {
    const pattern = operation.path.split("/");
    const fits = pattern.every((part, index) => part === parts[index] || part.startsWith("{"));
    return operation.method === method && pattern.length === parts.length && fits;
  });
}

/** A schema of the file by its name. */
export function schemaOf(name: string): unknown {
  const schema = member(member(member(root, "components"), "schemas"), name);
  if (schema === undefined) throw new Error(`docs/openapi.json has no schema ${name}.`);
  return schema;
}

/**
 * What is wrong with a value by a schema of the file. Schemas are open for readers of other backends; `"closed"` refuses
 * every member that they do not name.
 */
export function problemsOf(schema: unknown, value: unknown, as: "open" | "closed"): readonly string[] {
  const compiled = validators.get(schema) ?? {
    open: ajv.compile(resolve(schema, false)),
    closed: ajv.compile(resolve(schema, true)),
  };
  validators.set(schema, compiled);
  const validate = compiled[as];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/** The schema with what it refers to in place, so that it can be compiled by itself. */
function resolve(given: unknown, isClosed: boolean): JsonObject {
  const schema = follow(given);
  if (!isObject(schema)) throw new Error("A schema must be an object.");
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: resolve(items, isClosed) }),
    ...(isObject(properties)
      ? { properties: Object.fromEntries(membersOf(properties).map(([name, part]) => [name, resolve(part, isClosed)])) }
      : {}),
    ...(isObject(properties) && isClosed ? { additionalProperties: false } : {}),
  };
}

function readResponses(responses: unknown): ReadonlyMap<number, OperationResponse> {
  return new Map(
    membersOf(responses).map(([status, given]) => {
      const response = follow(given);
      const headers = membersOf(member(response, "headers")).map(([name, entry]) => {
        const header = follow(entry);
        return [name, { isRequired: member(header, "required") === true, schema: member(header, "schema") }] as const;
      });
      const content = membersOf(member(response, "content")).map(([type, media]) => [type, readMedia(media)] as const);
      return [Number(status), { headers: new Map(headers), content: new Map(content) }];
    }),
  );
}

function readMedia(media: unknown): MediaType {
  const events = membersOf(member(media, "x-sse-events")).map(
    ([name, event]) => [name, member(event, "data")] as const,
  );
  const lines = member(media, "x-ndjson-lines");
  return {
    schema: member(media, "schema"),
    events: new Map(events),
    lines: Array.isArray(lines) ? lines : [],
  };
}

/** What a `$ref` refers to; anything else itself. */
function follow(value: unknown): unknown {
  const reference = member(value, "$ref");
  if (typeof reference !== "string") return value;
  const target = reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((at, name) => member(at, name), root);
  if (target === undefined) throw new Error(`docs/openapi.json has nothing at ${reference}.`);
  return follow(target);
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

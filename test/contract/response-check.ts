import type { EventSourceMessage } from "eventsource-parser";
import { type Operation, operationOf, problemsOf } from "./contract.js";

/** Checks responses and events against `docs/openapi.json`, and notes which of it were seen. */
export class ResponseCheck {
  /** What was not as the file says. */
  readonly problems: string[] = [];
  /** As `GET /integrations 200 application/json` and `GET /sync-progress/stream ready`. */
  readonly seen = new Set<string>();

  /** Checks the head of a response, and its body if it is no stream. Returns what was read of the body. */
  async check(method: string, path: string, response: Response): Promise<unknown> {
    const operation = operationOf(method, path);
    const title = `${method} ${path} ${response.status}`;
    const documented = operation?.responses.get(response.status);
    if (operation === undefined || documented === undefined) {
      this.problems.push(`${title} is not in the file`);
      return null;
    }
    for (const [name, { isRequired, schema }] of documented.headers) {
      const value = response.headers.get(name);
      if (value !== null) this.#note(`${title}, header ${name}`, problemsOf(schema, value, "closed"));
      else if (isRequired) this.problems.push(`${title} has no header ${name}`);
    }
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const media = documented.content.get(type);
    if (media === undefined) {
      this.problems.push(`${title} is of the type "${type}", which is not in the file`);
      return null;
    }
    this.seen.add(`${nameOf(operation)} ${response.status} ${type}`);
    if (type === "text/event-stream") return null;
    const text = await response.text();
    if (type === "application/json") {
      const body: unknown = JSON.parse(text);
      this.#note(title, problemsOf(media.schema, body, "closed"));
      return body;
    }
    for (const line of media.lines.length > 0 ? text.trimEnd().split("\n").filter(Boolean) : []) {
      const value: unknown = JSON.parse(line);
      const found = media.lines.map((schema) => problemsOf(schema, value, "closed"));
      if (found.every((problems) => problems.length > 0)) this.#note(`${title}: ${line}`, found.flat());
    }
    return text;
  }

  /** Checks an event of a stream. */
  checkEvent(path: string, { event = "", data }: EventSourceMessage): void {
    const operation = operationOf("GET", path);
    const schema = operation?.responses.get(200)?.content.get("text/event-stream")?.events.get(event);
    if (operation === undefined || schema === undefined) {
      this.problems.push(`the event ${event} of ${path} is not in the file`);
      return;
    }
    this.seen.add(`${nameOf(operation)} ${event}`);
    this.#note(`the event ${event} of ${path}`, problemsOf(schema, JSON.parse(data), "closed"));
  }

  #note(title: string, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${title}: ${problem}`));
  }
}

/** All that a check can have seen of operations. */
export function everythingOf(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap((operation) =>
    [...operation.responses].flatMap(([status, { content }]) =>
      [...content].flatMap(([type, { events }]) => [
        `${nameOf(operation)} ${status} ${type}`,
        ...[...events.keys()].map((event) => `${nameOf(operation)} ${event}`),
      ]),
    ),
  );
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

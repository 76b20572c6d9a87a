/** One server-sent event (HTML standard, "Server-sent events"). */
export interface SseFrame {
  readonly event?: string;
  readonly id?: string | number;
  readonly data?: string;
  /** ms a browser is to wait before it reconnects. */
  readonly retry?: number;
}

/**
 * Writes an event in the `text/event-stream` format. `data` may have several lines.
 *
 * @throws TypeError when `event` or `id` holds CR, LF or NUL, which would end the field or void the id.
 */
export function encodeSseFrame({ event, id, data, retry }: SseFrame): string {
  let frame = "";
  if (retry !== undefined) frame += `retry: ${Math.round(retry)}\n`;
  if (id !== undefined) frame += `id: ${checkField("id", String(id))}\n`;
  if (event !== undefined) frame += `event: ${checkField("event", event)}\n`;
  if (data !== undefined) for (const line of data.split(/\r\n|\r|\n/)) frame += `data: ${line}\n`;
  return `${frame}\n`;
}

function checkField(field: string, value: string): string {
  for (const forbidden of ["\r", "\n", "\0"]) {
    if (value.includes(forbidden)) {
      throw new TypeError(
        `SyncProgressError: an SSE ${field} must hold no CR, LF or NUL, got ${JSON.stringify(value)}.`,
      );
    }
  }
  return value;
}

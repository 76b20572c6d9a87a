import { useState } from "react";
import type { LogEntry, LogKind } from "./devtools-log.js";

interface EventListProps {
  readonly entries: readonly LogEntry[];
  /** How many older ones were dropped. */
  readonly dropped: number;
}

const KINDS: readonly (readonly [LogKind, string])[] = [
  ["decision", "Decisions"],
  ["message", "Messages"],
  ["change", "Changes"],
];
/** More are not read by anybody, and cost time with each update. */
const MAX_ROWS = 200;

/** What happened, newest first. */
export function EventList({ entries, dropped }: EventListProps) {
  const [hidden, setHidden] = useState<ReadonlySet<LogKind>>(new Set());
  const shown = entries.filter(({ kind }) => !hidden.has(kind));
  const rows = shown.slice(-MAX_ROWS).reverse();
  const older = shown.length - rows.length + dropped;
  const toggle = (kind: LogKind) => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  return (
    <section aria-label="Events" className="events">
      <fieldset>
        <legend>Show</legend>
        {KINDS.map(([kind, label]) => (
          <label key={kind}>
            <input type="checkbox" checked={!hidden.has(kind)} onChange={() => toggle(kind)} /> {label}
          </label>
        ))}
      </fieldset>
      {rows.length === 0 && <p>Nothing has happened since the devtools were opened.</p>}
      <ol reversed>
        {rows.map((entry) => (
          <li key={entry.id} className={entry.kind}>
            <EventRow {...entry} />
          </li>
        ))}
      </ol>
      {older > 0 && <p>{older} older events are not shown.</p>}
    </section>
  );
}

function EventRow({ at, kind, syncId, title, detail }: LogEntry) {
  const line = (
    <>
      <time>{timeOf(at)}</time> <span className="kind">{kind}</span> <code>{syncId?.slice(0, 8) ?? "all syncs"}</code>{" "}
      {title}
    </>
  );
  if (detail === null) return <div>{line}</div>;
  return (
    <details>
      <summary>{line}</summary>
      <pre>{pretty(detail)}</pre>
    </details>
  );
}

function timeOf(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

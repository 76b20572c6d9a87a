import { HEARTBEAT_EVENT } from "../../protocol/events.js";
import type { StreamEvidence } from "../evidence/evidence.js";
import { isPageEvent, readState, type State } from "../evidence/stream-states.js";
import { anyServer, theClient } from "./changes.js";
import { type Check, type Finding, fault, hint, ofStates, ofStream, ok, skipped, warning } from "./check.js";
import { count, cut, seconds } from "./show.js";

/** Names, ids and `retry` of the events. */
export const eventChecks: readonly Check[] = [
  { id: "event-names", subject: "events that pages listen to", step: "stream", judge: ofStream(judgeNames) },
  { id: "event-ids", subject: "an `id` on every event, growing", step: "stream", judge: ofStates(judgeIds) },
  { id: "retry", subject: "`retry`: when a browser reconnects", step: "stream", judge: ofStream(judgeRetry) },
];

function judgeNames({ record }: StreamEvidence): Finding {
  const others = record.items.filter(
    (item) => item.kind === "event" && item.name !== HEARTBEAT_EVENT && !isPageEvent(item.name),
  );
  const names = [...new Set(others.flatMap((item) => (item.kind === "event" ? [item.name] : [])))].join(", ");
  const carriers = others.flatMap((item) => readState(item) ?? []);
  const change = [anyServer("Name the events current_state, started, progress, complete, error or cancelled.")];
  const [first] = carriers;
  if (first !== undefined) {
    return fault({
      seen: `Snapshots come in events that pages do not listen to: ${names}.`,
      evidence: [`event: ${first.name}`, `data: ${cut(JSON.stringify(first.json))}`],
      why: "The page never sees them. It stays as it is until it requests the snapshot.",
      change: [...change, theClient("Or give it a transport that listens to your names, see docs/connection.md.")],
    });
  }
  if (others.length > 0) {
    return hint({
      seen: `There are events that pages ignore: ${names}.`,
      why: "They cost traffic, nothing else.",
      change: [],
    });
  }
  const hasUnnamed = record.items.some((item) => item.kind === "event" && item.name === "message");
  return hasUnnamed
    ? hint({
        seen: "Events have no name.",
        why: "The client reads them all the same; other tools need the names.",
        change,
      })
    : ok(`${count(record.items.filter(({ kind }) => kind === "event").length, "event")}`);
}

function judgeIds(states: readonly State[]): Finding {
  const withId = states.filter(({ id }) => id !== null);
  if (withId.length === 0) {
    return hint({
      seen: "Events have no id.",
      why: "After an interruption a browser cannot say what it had last. With whole snapshots nothing is lost by that.",
      change: [anyServer("Send `id: <seq>`, a number that grows by at least 1 with every change.")],
    });
  }
  const ids = withId.map(({ id }) => Number(id));
  const back = ids.findIndex((id, index) => index > 0 && id < (ids[index - 1] ?? 0));
  const repeated = withId.findIndex((state, index) => {
    const previous = withId[index - 1];
    return previous?.id === state.id && JSON.stringify(previous?.json) !== JSON.stringify(state.json);
  });
  const at = back > 0 ? back : repeated;
  if (at > 0) {
    return fault({
      seen: back > 0 ? "Ids go back." : "Different states have the same id.",
      evidence: [`id: ${withId[at - 1]?.id}, then id: ${withId[at]?.id}`],
      why: "A page that reconnects says the last id, and is not sent what was changed since: it stays on an old state.",
      change: [
        anyServer(
          "Count one number per sync, in the store, with every change; not per process and not per connection.",
        ),
      ],
    });
  }
  if (withId.length < states.length) {
    return warning({
      seen: `${count(states.length - withId.length, "event")} of ${states.length} without an id.`,
      why: "After an interruption a browser says an id that is older than what it shows.",
      change: [anyServer("Send `id: <seq>` with every event that carries a snapshot.")],
    });
  }
  return ok(`${withId[0]?.id} to ${withId.at(-1)?.id}`);
}

/** Longer waits leave a person with an old picture, in ms. */
const LONG_RETRY_MS = 30_000;

function judgeRetry({ record }: StreamEvidence): Finding {
  const values = record.items.flatMap((item) => (item.kind === "retry" ? [item.value] : []));
  const change = [
    anyServer("Send `retry: 2000` once, give or take some per cent so that not all pages come back together."),
  ];
  const bad = values.find((value) => !/^\d+$/.test(value));
  if (bad !== undefined) {
    return warning({
      seen: "The value of `retry` is no number of milliseconds.",
      evidence: [`retry: ${bad}`],
      why: "Browsers ignore it and wait 3 to 5 s.",
      change,
    });
  }
  const last = values.at(-1);
  if (last === undefined) {
    return record.items.length === 0
      ? skipped("The stream brought nothing.")
      : hint({ seen: "There is no `retry`.", why: "Browsers wait 3 to 5 s before they reconnect.", change });
  }
  if (Number(last) > LONG_RETRY_MS) {
    return fault({
      seen: `Browsers are advised to wait ${seconds(Number(last))} before they reconnect.`,
      evidence: [`retry: ${last}`],
      why: 'After each interruption the person sees "Connection lost" and old numbers for that long.',
      change,
    });
  }
  return ok(`${last} ms`);
}

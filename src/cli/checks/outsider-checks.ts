import { decodeSyncPage } from "../../protocol/sync-page.js";
import type { Evidence, OutsiderEvidence, StreamEvidence } from "../evidence/evidence.js";
import { stateOfResponse, statesOf } from "../evidence/stream-states.js";
import type { Exchange } from "../http/exchange.js";
import { anyServer, thisCommand } from "./changes.js";
import { type Check, type Finding, fault, ofStream, ok, skipped, warning } from "./check.js";
import { cut, showResponse } from "./show.js";

/** Whether somebody else can read the sync. */
export const outsiderChecks: readonly Check[] = [
  {
    id: "second-identity",
    subject: "404 for somebody of another account (`--second-cookie`)",
    step: "stream",
    judge: ofStream(judgeSecond),
  },
  {
    id: "nobody",
    subject: "a refusal for somebody who is not signed in",
    step: "stream",
    judge: ofStream(judgeNobody),
  },
];

function judgeSecond({ second, lists }: StreamEvidence, { sync }: Evidence): Finding {
  if (second === null) return skipped("No second identity was given: --second-cookie or --second-header.");
  const viewers = [lists[0], second.list].map((list) => (list === undefined ? null : viewerOf(list)));
  if (viewers[0] !== null && viewers[0] === viewers[1]) {
    return warning({
      seen: "The backend takes both identities for the same person.",
      why: "Nothing was proved. If they are two people, each of them sees what is the other's.",
      change: [thisCommand("Give the cookie of another account.")],
    });
  }
  const leak = leakOf(second, sync?.syncId ?? "");
  if (leak !== null) {
    return fault({
      ...leak,
      seen: `The second identity can read the sync of the first: ${leak.seen}.`,
      why: "People see the work of somebody else: names of files, subjects of mails, errors. If both are of one account that shares its syncs, give somebody of another account.",
      change: [
        anyServer("Look syncs up by tenant and user in every route, and respond with 404 to what is not theirs."),
      ],
    });
  }
  if ([401, 403].includes(second.list.head?.status ?? 0)) {
    return warning({
      seen: "The second identity is not signed in.",
      evidence: showResponse(second.list),
      why: "Nothing was proved.",
      change: [
        thisCommand("Copy the request header Cookie of another signed-in browser: --second-cookie 'session=...'."),
      ],
    });
  }
  if (second.snapshot.head?.status === 403) {
    return warning({
      seen: "The sync of somebody else is refused with 403.",
      evidence: showResponse(second.snapshot),
      why: 'It says that the sync is there, and the page shows "You have been signed out".',
      change: [anyServer("Respond with 404, as to an id that does not exist.")],
    });
  }
  return ok(`${second.snapshot.head?.status ?? "no response"}`);
}

function judgeNobody({ nobody }: StreamEvidence, { sync }: Evidence): Finding {
  if (nobody === null) return skipped("The first identity is nobody: no --cookie and no --header was given.");
  const leak = leakOf(nobody, sync?.syncId ?? "");
  if (leak === null) return ok(`${nobody.snapshot.head?.status ?? "no response"}`);
  return fault({
    ...leak,
    seen: `Who is not signed in can read the sync: ${leak.seen}.`,
    why: "Anybody who learns or guesses an id sees names of files, subjects of mails, errors.",
    change: [anyServer("Check the sign-in in every route, streams included, and respond with 401.")],
  });
}

/** By which way the sync can be read; `null` if it cannot. */
function leakOf(
  { snapshot, list, stream }: OutsiderEvidence,
  syncId: string,
): { seen: string; evidence: readonly string[] } | null {
  if (stateOfResponse(snapshot) !== null) {
    return {
      seen: "the snapshot endpoint responds with it",
      evidence: [...showResponse(snapshot), cut(snapshot.body)],
    };
  }
  const [state] = statesOf(stream.items);
  if (state !== undefined) {
    return {
      seen: "the stream brings it",
      evidence: [...showResponse(stream.exchange), `data: ${cut(JSON.stringify(state.json))}`],
    };
  }
  const page = decodeSyncPage(list.body);
  if (page.ok && page.value.syncs.some((entry) => entry.syncId === syncId)) {
    return { seen: "the list has it", evidence: [...showResponse(list), cut(list.body)] };
  }
  return null;
}

function viewerOf(list: Exchange): string | null {
  const page = decodeSyncPage(list.body);
  return page.ok ? page.value.viewer : null;
}

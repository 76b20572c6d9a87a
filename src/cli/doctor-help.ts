import { DEFAULT_TIMINGS } from "./target.js";

/** What `--help` prints. */
export const DOCTOR_HELP = `npx react-sync-progress doctor URL [options]

Examines a backend of react-sync-progress as a browser would meet it, and says what to change.
URL is the base of the API (https://host/api), or the address of a page, below which /api is looked for.

Which sync
  --start TYPE              start a sync of this integration, and cancel it afterwards if it still runs
  --sync-id ID              look at this sync; it is not changed
                            neither: a sync of the list, if there is one; it is not changed

Signed in as
  --cookie COOKIE           as in the request header Cookie of a signed-in browser: 'session=...'
  --header 'Name: value'    such as 'Authorization: Bearer ...'; may be repeated
  --second-cookie COOKIE    somebody of another account, who must not see the sync
  --second-header 'N: v'    the same by a header; may be repeated
  --origin ORIGIN           the origin of the pages, if it is not that of the URL: checks CORS

How long
  --timeout-ms MS           how long the stream is read at most; default ${DEFAULT_TIMINGS.streamMs}
  --idle-ms MS              the longest silence that is waited for; default ${DEFAULT_TIMINGS.idleMs}

Output
  --json                    the result as JSON
  --no-color                no colours; so does the environment variable NO_COLOR
  -h, --help                this

Exit code: 0 no faults, 1 faults, 2 the command line cannot be understood, 130 interrupted.
`;

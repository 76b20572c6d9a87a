import { it } from "vitest";
import { hasMailServer } from "../server/engines/mail-server.js";
import { hasPostgres } from "../server/engines/postgres-server.js";
import { checkShortRun } from "./short-run.js";

it.skipIf(!hasPostgres || !hasMailServer)(
  "four processes on postgres that are killed at random show every stream the right end, send one mail a sync, and show nobody what is another's",
  { timeout: 180_000 },
  () => checkShortRun("postgres"),
);

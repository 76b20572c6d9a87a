import { it } from "vitest";
import { hasMailServer } from "../server/engines/mail-server.js";
import { hasRedis } from "../server/engines/redis-server.js";
import { checkShortRun } from "./short-run.js";

it.skipIf(!hasRedis || !hasMailServer)(
  "four processes on redis that are killed at random show every stream the right end, send one mail a sync, and show nobody what is another's",
  { timeout: 180_000 },
  () => checkShortRun("redis"),
);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { canTest, findProgram } from "../server/engines/find-engine.js";
import { cookie, examine, problemsOf, textOf } from "./examine.js";

const python = findProgram("python3");
const script = fileURLToPath(new URL("../old-backend/server.py", import.meta.url));

describe.runIf(canTest(python, "python3", "python3"))("the doctor, of a backend of the older dialect,", () => {
  it("blames what people see, and only mentions what older backends do not have", async () => {
    const server = spawn(python ?? "", [script], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => void server.kill("SIGKILL"));
    const [port] = await once(server.stdout, "data");
    const report = await examine(`http://localhost:${String(port).trim()}/api`, {
      identity: cookie("session=abc"),
      secondIdentity: null,
    });
    expect(problemsOf(report)).toEqual([
      "connections: hint",
      "unknown-sync: fault",
      "caching: warning",
      "event-ids: hint",
      "retry: hint",
      "private-fields: warning",
      "percent: hint",
      "list: hint",
      "nobody: fault",
    ]);
    expect(textOf(report, "statuses")).toContain("older words are read as well");
  });
});

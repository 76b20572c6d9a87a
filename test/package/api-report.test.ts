import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { API_FOLDER, readApiReports } from "../../.ci/api-report.ts";

const reports = readApiReports();

it.each([...reports.keys()])("exports what docs/api/%s lists; npm run api writes it anew", (file) => {
  const path = join(API_FOLDER, file);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(reports.get(file));
});

it("lists no entry in docs/api that is not published", () => {
  expect(readdirSync(API_FOLDER).sort()).toEqual([...reports.keys()].sort());
});

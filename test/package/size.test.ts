import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measureBundle } from "../../.ci/measure-bundle.ts";
import { SIZE_LIMITS } from "../../.ci/size-limits.ts";
import { project } from "./install-package.ts";

const dist = join(project, "dist");

describe("the size of the package in an app", () => {
  it.each(SIZE_LIMITS)("of $title is at most $maxGzipBytes bytes", async ({ title, code, maxGzipBytes }) => {
    expect(existsSync(dist), "built by `npm run build`").toBe(true);
    const { gzip } = await measureBundle(code, dist);
    expect(gzip, `${title}: npm run size -- --modules lists what it consists of`).toBeLessThanOrEqual(maxGzipBytes);
    // A bundle of nothing would keep every limit.
    expect(gzip).toBeGreaterThan(maxGzipBytes / 2);
  });
});

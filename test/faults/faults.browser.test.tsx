import { describe, it } from "vitest";
import { commands } from "vitest/browser";
import { faultCases } from "./cases.js";
import { playCase } from "./play-case.js";
import { watchHook } from "./watch-hook.js";

describe.each(Object.entries(faultCases))("the hook in a browser survives faults of %s", (_, cases) => {
  it.each(cases.filter((one) => one.not?.browser === undefined).map((one) => [one.name, one] as const))(
    "%s",
    async (_name, one) => {
      const url = await commands.startFaultServer(one.script);
      try {
        await playCase(one, url, { watch: watchHook, stats: () => commands.faultServerStats(url) });
      } finally {
        await commands.stopFaultServer(url);
      }
    },
  );
});

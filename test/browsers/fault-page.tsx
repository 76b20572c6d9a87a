import { faultCases } from "../faults/cases.js";
import { playCase } from "../faults/play-case.js";
import { watchHook } from "../faults/watch-hook.js";

/** A page that plays the fault cases by the hook; their servers are started by the server of the page. */

const cases = Object.entries(faultCases).flatMap(([group, ofGroup]) =>
  ofGroup.filter((one) => one.not?.browser === undefined).map((one) => ({ group, ...one })),
);

const post = async (path: string, body: unknown) =>
  (await fetch(path, { method: "POST", body: JSON.stringify(body) })).json();

const faultPage = {
  /** What each case is called, with its group, and which engine does something else. */
  list: () => cases.map(({ group, name, not }) => ({ title: `${group}: ${name}`, not })),
  /** Plays the case of an index. Rejects with what was seen if that is not what must be. */
  async play(index: number): Promise<void> {
    const one = cases[index];
    if (one === undefined) throw new Error(`there is no case ${index}`);
    const url: string = await post("/start", one.script);
    try {
      await playCase(one, url, { watch: watchHook, stats: () => post("/stats", url) });
    } finally {
      await post("/stop", url);
    }
  },
};

declare global {
  interface Window {
    faultPage?: typeof faultPage;
  }
}
window.faultPage = faultPage;

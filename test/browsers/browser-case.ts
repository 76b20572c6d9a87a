import type { DemoPage } from "./demo-page.ts";
import type { Gate } from "./gate.ts";

/** What a case works with. Each begins with a tab of its own, on the page of somebody who is signed in. */
export interface Surroundings {
  readonly page: DemoPage;
  readonly gate: Gate;
  /** Another tab of the same person. */
  openPage(): Promise<DemoPage>;
  /** Ends the demo's server as a crash would. */
  killServer(): Promise<void>;
  /** Starts it again, with what it has stored. */
  restartServer(): Promise<void>;
}

/** One row of the table. */
export interface BrowserCase {
  readonly title: string;
  /** Rejects if it is not as it must be. Resolves with what was measured, if that is of interest. */
  play(surroundings: Surroundings): Promise<string | undefined>;
}

import { type Scenario, type ScenarioName, scenarios } from "react-sync-progress/msw";

/** A course in which each integration plays a scenario of its own; those that are not named are over in 8 seconds. */
export function mixed(plays: Readonly<Partial<Record<string, ScenarioName>>>): Scenario {
  return {
    description: "Each integration as it is said.",
    play: (run, tools) => scenarios[plays[tools.integrationType] ?? "happyPath"].play(run, tools),
  };
}

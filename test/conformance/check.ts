import type { Backend, Feature } from "./backend.js";
import { Visitor } from "./visitor.js";

/** One thing that is expected of a backend. Depends on no test runner. */
export interface ConformanceCheck {
  readonly title: string;
  /** Without what is `required` a display fails; without what is `recommended` it works less well. */
  readonly level: "required" | "recommended";
  /** What the backend must offer for it. Default nothing. */
  readonly needs?: readonly Feature[];
  /** @throws Error that says what is wrong. */
  run(people: People): Promise<void>;
}

/** Two people of different tenants, and somebody who is not signed in. */
export interface People {
  readonly ada: Visitor;
  readonly grace: Visitor;
  readonly nobody: Visitor;
}

/** The checks of what a backend offers. */
export function checksFor(
  offers: ReadonlySet<Feature>,
  checks: readonly ConformanceCheck[],
): readonly ConformanceCheck[] {
  return checks.filter(({ needs = [] }) => needs.every((feature) => offers.has(feature)));
}

/** Runs a check, and leaves no stream and, if the backend can cancel, no sync. @throws what the check throws. */
export async function runCheck(check: ConformanceCheck, backend: Backend): Promise<void> {
  const ada = new Visitor(backend, backend.ada);
  const grace = new Visitor(backend, backend.grace);
  const nobody = new Visitor(backend, {});
  try {
    await check.run({ ada, grace, nobody });
  } finally {
    for (const person of [ada, grace]) await person.leave();
  }
}

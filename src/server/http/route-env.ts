import type { Scope } from "../scope.js";
import { Refusal } from "./refusal.js";

/** What the routes know of a request after its sign-in. */
export type RouteEnv = {
  Variables: {
    scope: Scope;
    startedBy: string | undefined;
    /** When the sign-in ends, in ms since 1970; `Infinity` for never. */
    signInEndsAt: number;
  };
};

/** The same for a foreign sync as for one that does not exist, so that nothing can be learned about ids. */
export function unknownSync(): Refusal {
  return new Refusal(404, "not_found", "This sync does not exist.");
}

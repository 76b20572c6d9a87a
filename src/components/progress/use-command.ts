import { useState } from "react";
import { useLatest } from "../../react/use-latest.js";

/** The commands that a display gives to the server. */
export interface CommandControl<Name extends string> {
  /** The one that is being carried out. */
  readonly pending: Name | null;
  /** The last one could not be carried out, and the display has not moved on since. */
  readonly hasFailed: boolean;
  /** Carries one out and answers what came of it; `null` where that did not work. */
  carryOut<Result>(name: Name, command: () => Promise<Result>): Promise<{ readonly result: Result } | null>;
}

/**
 * Carries commands out, and remembers what the person has to be told of them.
 *
 * @param moment Names what the display shows: a command that was overtaken by another state is nothing to try again.
 * @param onFailed Called when one could not be carried out, and was not overtaken.
 */
export function useCommand<Name extends string>(moment: string, onFailed: () => void): CommandControl<Name> {
  const [pending, setPending] = useState<Name | null>(null);
  const [failedAt, setFailedAt] = useState<string | null>(null);
  const latest = useLatest(moment);
  if (failedAt !== null && failedAt !== moment) setFailedAt(null);

  return {
    pending,
    hasFailed: failedAt === moment,
    async carryOut(name, command) {
      setPending(name);
      setFailedAt(null);
      try {
        return { result: await command() };
      } catch {
        if (latest.current === moment) {
          setFailedAt(moment);
          onFailed();
        }
        return null;
      } finally {
        setPending((newest) => (newest === name ? null : newest));
      }
    },
  };
}

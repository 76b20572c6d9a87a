import { useCallback, useState } from "react";

/** State of one subject, and the only way to change it. */
export interface SubjectState<Subject, State> {
  readonly state: State;
  /** Changes the state if it still belongs to `subject`; otherwise does nothing. The same function in every render. */
  readonly update: (subject: Subject, change: (state: State) => State) => void;
}

/**
 * State that belongs to a subject, such as an account or a sync. Another subject starts from `initial` in the same
 * render, and a late update for an earlier subject is dropped, so nothing of one subject is rendered under another.
 *
 * @param subject Compared with `Object.is`.
 */
export function useSubjectState<Subject, State>(subject: Subject, initial: State): SubjectState<Subject, State> {
  const [entry, setEntry] = useState({ subject, state: initial });
  const isCurrent = Object.is(entry.subject, subject);
  if (!isCurrent) setEntry({ subject, state: initial });
  const update = useCallback(
    (of: Subject, change: (state: State) => State) =>
      setEntry((latest) => (Object.is(latest.subject, of) ? { subject: of, state: change(latest.state) } : latest)),
    [],
  );
  return { state: isCurrent ? entry.state : initial, update };
}

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";

/** A state outside React. Both functions return the same object until something in it changes. */
export interface Store<State> {
  readonly get: () => State;
  /** What a server renders, and the page when it hydrates. */
  readonly initial: State;
}

/**
 * A part of a state outside React. Renders only when the part changes.
 *
 * @param subscribe Calls its argument after every change. Returns a function that unsubscribes.
 * @param select May change with every render.
 */
export function useSelection<State, Selection>(
  store: Store<State>,
  subscribe: (notify: () => void) => () => void,
  select: (state: State) => Selection,
  isEqual: (before: Selection, after: Selection) => boolean,
): Selection {
  const rendered = useRef<{ readonly selection: Selection } | null>(null);
  const [get, getInitial] = useMemo(() => {
    let last: { readonly state: State; readonly selection: Selection } | null = null;
    const selectFrom = (state: State): Selection => {
      // Selected once per state, because `select` may return a new object for the same state.
      if (last?.state === state) return last.selection;
      const selection = select(state);
      const before = last ?? rendered.current;
      last = {
        state,
        selection: before !== null && isEqual(before.selection, selection) ? before.selection : selection,
      };
      return last.selection;
    };
    return [() => selectFrom(store.get()), () => selectFrom(store.initial)] as const;
  }, [store, select, isEqual]);

  const selection = useSyncExternalStore(subscribe, get, getInitial);
  useEffect(() => {
    rendered.current = { selection };
  }, [selection]);
  return selection;
}

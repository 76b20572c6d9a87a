import { type Ref, type RefCallback, type RefObject, useCallback } from "react";

/** One ref for an element that the application and the component both hold. */
export function useMergedRef<T>(given: Ref<T>, own: RefObject<T | null>): RefCallback<T> {
  return useCallback(
    (element: T | null) => {
      own.current = element;
      if (typeof given !== "function") {
        if (given !== null) given.current = element;
        return;
      }
      const cleanUp = given(element);
      // React 19 calls the returned function in place of the ref; React 18 knows none.
      if (typeof cleanUp !== "function") return;
      return () => {
        own.current = null;
        cleanUp();
      };
    },
    [given, own],
  );
}

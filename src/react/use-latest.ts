import { type RefObject, useInsertionEffect, useRef } from "react";

/** A ref that holds the value of the last committed render, so that a callback may change without running effects again. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}

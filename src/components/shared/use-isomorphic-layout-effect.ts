import { useEffect, useLayoutEffect } from "react";

/** `useLayoutEffect`; on a server, which has no layout and makes React 18 warn, `useEffect`. */
export const useIsomorphicLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

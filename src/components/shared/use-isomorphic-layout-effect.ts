import { useEffect, useLayoutEffect } from "react";

/** `useLayoutEffect`; on a server, where there is no layout and React 18 warns of it, `useEffect`. */
export const useIsomorphicLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

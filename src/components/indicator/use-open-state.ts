import { useState } from "react";

/**
 * Open or closed, by the application or by itself. What is no longer there is closed by itself: when it comes back,
 * nobody has opened it.
 */
export function useOpenState(
  isThere: boolean,
  open: boolean | undefined,
  defaultOpen: boolean,
  onOpenChange: ((open: boolean) => void) | undefined,
): readonly [isOpen: boolean, setIsOpen: (isOpen: boolean) => void] {
  const [own, setOwn] = useState(defaultOpen);
  const [wasThere, setWasThere] = useState(isThere);
  if (wasThere !== isThere) {
    setWasThere(isThere);
    if (!isThere) setOwn(false);
  }
  const setIsOpen = (isOpen: boolean) => {
    setOwn(isOpen);
    onOpenChange?.(isOpen);
  };
  return [open ?? own, setIsOpen];
}

import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { DEVTOOLS_STYLES } from "./devtools-styles.js";

/** Renders at the end of the body, in a shadow root with the styles of the devtools. */
export function ShadowRoot({ children }: { readonly children: ReactNode }) {
  const [root, setRoot] = useState<globalThis.ShadowRoot | null>(null);
  useEffect(() => {
    const host = document.createElement("div");
    host.dataset["syncDevtools"] = "";
    document.body.append(host);
    setRoot(host.attachShadow({ mode: "open" }));
    return () => host.remove();
  }, []);
  if (root === null) return null;
  return createPortal(
    <>
      <style>{DEVTOOLS_STYLES}</style>
      {children}
    </>,
    root,
  );
}

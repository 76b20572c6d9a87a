import { cdp } from "vitest/browser";

/** Sets the browser up as a person would: `{ "prefers-color-scheme": "dark" }`; `{}` for nothing special. */
export async function emulate(features: Readonly<Record<string, string>>): Promise<void> {
  await cdp().send("Emulation.setEmulatedMedia", {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });
}

/** Waits for the animations that end: dialogs fade in; spinners go on. */
export async function comeToRest(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect?.getTiming().iterations !== Number.POSITIVE_INFINITY);
  await Promise.all(ending.map(({ finished }) => finished.catch(() => {})));
}

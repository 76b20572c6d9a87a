import { virtual } from "@guidepup/virtual-screen-reader";
import { onTestFinished } from "vitest";

// The reader asks the root of an element that has just left the page for others by id; such a root is an element.
Object.assign(Element.prototype, {
  getElementById(this: Element, id: string) {
    return this.querySelector(`[id="${id}"]`);
  },
});

// jsdom has no CSS object; the reader escapes the ids that elements name others by.
if (Reflect.get(globalThis, "CSS") === undefined)
  Object.assign(globalThis, { CSS: { escape: (id: string) => id.replace(/[^\w-]/g, "\\$&") } });

/** A virtual screen reader on the page, until the test ends. */
export async function startScreenReader() {
  await virtual.start({ container: document.body });
  onTestFinished(() => virtual.stop());
  return {
    /** Everything that was read so far; not that a live region was emptied. */
    heard: async () =>
      (await virtual.spokenPhraseLog()).filter((phrase) => !/^(document|polite: |assertive: )$/.test(phrase)),
    /** Reads on until it comes to something that begins so. @throws Error when that never comes. */
    async goTo(phrase: string): Promise<string> {
      for (let steps = 0; steps < 60; steps += 1) {
        const last = await virtual.lastSpokenPhrase();
        if (last.startsWith(phrase)) return last;
        await virtual.next();
      }
      throw new Error(`the reader never came to "${phrase}": ${(await virtual.spokenPhraseLog()).join(" | ")}`);
    },
    /** Presses what it stands on. */
    press: () => virtual.act(),
  };
}

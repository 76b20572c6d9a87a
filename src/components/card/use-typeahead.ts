import { type KeyboardEvent, useRef } from "react";

/** Letters that come within this of each other are of one word, as in Radix and the menus of operating systems. */
const SAME_WORD_MS = 1_000;

/** The item whose words begin with the typed letters; `null` for a key that is no letter, or without such an item. */
export type FindByLetters = (event: KeyboardEvent, items: readonly HTMLElement[], at: number) => number | null;

/** Typeahead of a menu (ARIA Authoring Practices): the same letter again goes to the next item that begins with it. */
export function useTypeahead(): FindByLetters {
  const typed = useRef({ letters: "", at: 0 });
  return ({ key, timeStamp, ctrlKey, metaKey, altKey }, items, at) => {
    if (Array.from(key).length !== 1 || ctrlKey || metaKey || altKey) return null;
    const isSameWord = timeStamp - typed.current.at < SAME_WORD_MS;
    const letters = isSameWord ? typed.current.letters + key : key;
    // A space that begins no word presses the item.
    if (letters.trim() === "") return null;
    typed.current = { letters, at: timeStamp };
    const isRepeated = Array.from(letters).every((letter) => letter === key);
    const search = (isRepeated ? key : letters).toLocaleLowerCase();
    // Another letter may still fit the item that the letters before led to.
    const first = isRepeated ? at + 1 : Math.max(at, 0);
    for (let step = 0; step < items.length; step += 1) {
      const index = (first + step) % items.length;
      if (items[index]?.textContent.trim().toLocaleLowerCase().startsWith(search)) return index;
    }
    return null;
  };
}

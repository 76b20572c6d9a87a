import { directionOf } from "../wording/direction.js";

/** A text in two halves, of which the first may be shortened on the screen; the second is empty for a short text. */
export interface CutText {
  readonly head: string;
  readonly tail: string;
  /** Whether it may be shortened at all. */
  readonly isLong: boolean;
}

/** How much of the end of a long name always shows: items differ in file endings and numbers. */
const TAIL_LENGTH = 14;

/**
 * Cuts a long text so that its end can always show. A text of both directions is cut only at the start of its last run:
 * halves of one run would change places.
 */
export function cutMiddle(text: string): CutText {
  const characters = charactersOf(text);
  const isLong = characters.length > TAIL_LENGTH * 2;
  const whole = { head: text, tail: "", isLong };
  if (!isLong) return whole;
  const lastRun = startOfLastRun(characters);
  const at = lastRun === 0 ? characters.length - TAIL_LENGTH : lastRun;
  if (characters.length - at > TAIL_LENGTH * 2) return whole;
  return { head: characters.slice(0, at).join(""), tail: characters.slice(at).join(""), isLong };
}

/** What a person takes for characters: a family of emoji, or a letter with the accent that file systems set apart. */
function charactersOf(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** The start of the last run of one direction; 0 if the whole text is of one direction. */
function startOfLastRun(characters: readonly string[]): number {
  const last = characters.map(directionOf).findLast((direction) => direction !== null);
  const other = characters.findLastIndex((character) => {
    const direction = directionOf(character);
    return direction !== null && direction !== last;
  });
  if (other < 0) return 0;
  return characters.findIndex((character, index) => index > other && directionOf(character) === last);
}

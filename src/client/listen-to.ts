/**
 * Like `addEventListener`, but returns a function that removes the listener. Not by the option `signal`: jsdom accepts
 * an `AbortSignal` of its own only, and environments for tests such as jest-fixed-jsdom put that of Node into it.
 */
export function listenTo(target: EventTarget, type: string, listener: (event: Event) => void): () => void {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

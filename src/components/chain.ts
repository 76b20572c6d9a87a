/** One event handler of two: the application's own comes first. */
export function chain<Event>(
  given: ((event: Event) => void) | undefined,
  own: (event: Event) => unknown,
): (event: Event) => void {
  return (event) => {
    given?.(event);
    own(event);
  };
}

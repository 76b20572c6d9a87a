/**
 * Whether a value is an instance of an error class of ours, from this copy of the package or another: frameworks such as Next
 * load a copy for each of their bundles, which share one service. `name` is given because bundlers rename classes.
 */
export function isInstance<T extends Error>(
  value: unknown,
  type: abstract new (...parameters: never[]) => T,
  name: T["name"],
): value is T {
  return value instanceof type || (value instanceof Error && value.name === name);
}

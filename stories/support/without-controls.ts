/** Arguments that no control can set: objects and functions of the application. They stay in the table. */
export function without(...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { control: false } as const]));
}

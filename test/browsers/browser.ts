/** One page of a browser, driven as a person would. */
export interface Tab {
  open(url: string): Promise<void>;
  /** Runs a function in the page and resolves with what it returns; arguments and result travel as JSON. */
  run<Args extends readonly unknown[], Result>(
    action: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
  /** Whether a function finds an element. */
  has<Args extends readonly unknown[]>(find: (...args: Args) => Element | null, ...args: Args): Promise<boolean>;
  /** Clicks, with the mouse, on the element that a function finds. @throws if it finds none. */
  click<Args extends readonly unknown[]>(find: (...args: Args) => Element | null, ...args: Args): Promise<void>;
  pressEscape(): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** A PNG of what is shown. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** A browser that runs, with a profile of its own. */
export interface RunningBrowser {
  readonly engine: "firefox" | "webkit";
  /** Name and version, as the table prints them. */
  readonly title: string;
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

export const WINDOW = { width: 1_100, height: 760 } as const;

/** Source of a function's result as JSON. */
export function jsonOf(action: (...args: never[]) => unknown, args: readonly unknown[]): string {
  return `Promise.resolve(${callOf(action, args)}).then((value) => JSON.stringify(value ?? null))`;
}

/** Source of a function applied to its arguments. */
export function callOf(action: (...args: never[]) => unknown, args: readonly unknown[]): string {
  return `(${action})(...${JSON.stringify(args)})`;
}

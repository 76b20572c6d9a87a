/** How many parts an interval has: the members are called in turn, so that thousands do not hold up the event loop. */
const PARTS = 10;

/** Calls any number of members at an interval, with one timer for all, and none while there is no member. */
export class SharedInterval<Member> {
  readonly #ms: number;
  readonly #call: (member: Member) => void;
  readonly #parts: readonly Set<Member>[] = Array.from({ length: PARTS }, () => new Set<Member>());
  #size = 0;
  #added = 0;
  #turn = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(ms: number, call: (member: Member) => void) {
    this.#ms = ms;
    this.#call = call;
  }

  add(member: Member): void {
    this.#parts[this.#added % PARTS]?.add(member);
    this.#added += 1;
    this.#size += 1;
    this.#timer ??= setInterval(() => this.#next(), this.#ms / PARTS);
  }

  delete(member: Member): void {
    if (!this.#parts.some((part) => part.delete(member))) return;
    this.#size -= 1;
    if (this.#size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #next(): void {
    const part = this.#parts[this.#turn % PARTS];
    this.#turn += 1;
    if (part !== undefined) for (const member of part) this.#call(member);
  }
}

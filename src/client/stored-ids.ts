/** Ids kept in the browser's storage, the newest last; in memory only if there is no storage or it refuses. */
export class StoredIds {
  readonly #open: () => Storage;
  readonly #key: string;
  #fallback: readonly string[] = [];

  /** @param open Called each time: to read the property may throw, where the person has forbidden storage. */
  constructor(open: () => Storage, key: string) {
    this.#open = open;
    this.#key = key;
  }

  getAll(): readonly string[] {
    try {
      const ids: unknown = JSON.parse(this.#open().getItem(this.#key) ?? "[]");
      return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
    } catch {
      return this.#fallback;
    }
  }

  add(id: string): void {
    this.#write([...this.getAll().filter((other) => other !== id), id].slice(-MAX_IDS));
  }

  remove(id: string): void {
    const ids = this.getAll();
    if (ids.includes(id)) this.#write(ids.filter((other) => other !== id));
  }

  #write(ids: readonly string[]): void {
    this.#fallback = ids;
    try {
      this.#open().setItem(this.#key, JSON.stringify(ids));
    } catch {
      // Forbidden or full: what is in memory has to do.
    }
  }
}

const MAX_IDS = 100;

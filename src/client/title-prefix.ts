/** Words before the page's title, until they are taken away. */
export class TitlePrefix {
  #prefix = "";

  /** Puts words before the title, in place of those that stand there. */
  show(prefix: string): void {
    this.clear();
    // Another instance may have put them there, and takes them away.
    if (prefix === "" || document.title.startsWith(prefix.trimEnd())) return;
    this.#prefix = prefix;
    document.title = prefix + document.title;
  }

  /** The title as it was, or as the application has set it since. */
  clear(): void {
    const prefix = this.#prefix;
    this.#prefix = "";
    const { title } = document;
    if (prefix === "" || !title.startsWith(prefix.trimEnd())) return;
    document.title = title.slice(prefix.length);
  }
}

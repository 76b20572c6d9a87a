/** Requests under way, by subject: the same one made twice, as by a double click, is made once. */
export class PendingRequests<Result> {
  readonly #pending = new Map<string, { readonly name: string; readonly promise: Promise<Result> }>();

  /** Makes a request, or joins the one of the same name that was made last for this subject and is under way. */
  join(subject: string, name: string, request: () => Promise<Result>): Promise<Result> {
    const latest = this.#pending.get(subject);
    if (latest?.name === name) return latest.promise;
    const promise = request();
    const entry = { name, promise };
    this.#pending.set(subject, entry);
    const remove = () => {
      if (this.#pending.get(subject) === entry) this.#pending.delete(subject);
    };
    promise.then(remove, remove);
    return promise;
  }
}

import type { RedisDriver } from "./redis-driver.js";

/** A Lua script; what it is given are keys of one hash tag, and texts. */
export interface Script {
  readonly source: string;
}

/** Runs scripts by their digest, and sends the source to a Redis that does not have it: a new or restarted one. */
export class ScriptRunner {
  readonly #driver: RedisDriver;
  readonly #digests = new Map<Script, Promise<string>>();

  constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  async run(
    script: Script,
    keys: readonly [string, ...string[]],
    args: readonly (string | number)[],
    signal?: AbortSignal,
  ): Promise<unknown> {
    const given = [String(keys.length), ...keys, ...args.map(String)];
    const [key] = keys;
    const digest = await this.#digestOf(script);
    try {
      return await this.#driver.command(key, ["EVALSHA", digest, ...given], signal);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    }
    return this.#driver.command(key, ["EVAL", script.source, ...given], signal);
  }

  #digestOf(script: Script): Promise<string> {
    const digest = this.#digests.get(script) ?? sha1(script.source);
    this.#digests.set(script, digest);
    return digest;
  }
}

/** The name that Redis gives a script. */
async function sha1(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

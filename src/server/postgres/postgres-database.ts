import type { PostgresPool, PostgresRow } from "./postgres-pool.js";
import { isPresent, postgresSchemaSql } from "./schema.js";

/** Runs statements on tables that are there by then. `{s}` in a statement is the name of the schema. */
export class PostgresDatabase {
  readonly #pool: PostgresPool;
  readonly #schema: string;
  #ready: Promise<void> | null = null;

  constructor(pool: PostgresPool, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
  }

  async all(sql: string, values: readonly unknown[]): Promise<readonly PostgresRow[]> {
    await this.#prepare();
    return (await this.#pool.query(sql.replaceAll("{s}", this.#schema), values)).rows;
  }

  async first(sql: string, values: readonly unknown[]): Promise<PostgresRow | undefined> {
    return (await this.all(sql, values))[0];
  }

  /** Makes the tables if they are missing. What fails is tried again by the next call. */
  #prepare(): Promise<void> {
    const ready = this.#ready ?? this.#makeSchema();
    this.#ready = ready;
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = null;
    });
    return ready;
  }

  async #makeSchema(): Promise<void> {
    const version = `to_regclass('${this.#schema}.version')`;
    const [found] = (await this.#pool.query(`SELECT ${version} IS NOT NULL AS is_there`)).rows;
    if (found?.["is_there"] === true) {
      const [row] = (await this.#pool.query(`SELECT version FROM ${this.#schema}.version`)).rows;
      if (isPresent(Number(row?.["version"] ?? 0), this.#schema)) return;
    }
    await this.#pool.query(postgresSchemaSql(this.#schema));
  }
}

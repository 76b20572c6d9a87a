import { literalOf } from "./sql-text.js";

/** Grows with every change of the tables or functions. */
const SCHEMA_VERSION = 1;

/** Serializes the processes that make the tables at the same moment. Any number that nobody else has. */
const LOCK = 7_396_110_212;

/** Milliseconds since the epoch by the clock of the server: one for all processes. */
export const NOW_MS = "(extract(epoch FROM clock_timestamp()) * 1000)::double precision";

/**
 * The statements that make the tables and functions of a store, for an application whose database user may not: they can
 * be repeated, and run as one transaction if they are sent as one text. The store itself runs them if they are missing.
 *
 * @throws TypeError when the name is not one of lower-case letters, digits and underscores.
 */
export function postgresSchemaSql(schema = "sync_progress"): string {
  checkSchemaName(schema);
  // After the wait for the lock any table has to be read: before, Postgres does not notice what others have made meanwhile.
  return `
SELECT pg_advisory_xact_lock(${LOCK});
SELECT FROM pg_catalog.pg_namespace LIMIT 1;
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.version (version integer NOT NULL);

CREATE TABLE IF NOT EXISTS ${schema}.syncs (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope text NOT NULL,
  sync_id text NOT NULL,
  connector_type text NOT NULL,
  status text NOT NULL,
  result text,
  is_running boolean NOT NULL DEFAULT true,
  snapshot text NOT NULL,
  seq bigint NOT NULL,
  mail boolean,
  owner_id text,
  fence bigint NOT NULL,
  beat bigint NOT NULL DEFAULT 0,
  checkpoint text,
  input text,
  last_write_id text,
  last_order bigint NOT NULL DEFAULT 0,
  failure_count integer NOT NULL DEFAULT 0,
  log_count integer NOT NULL DEFAULT 0,
  is_log_cut boolean NOT NULL DEFAULT false,
  completed_at double precision
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX IF NOT EXISTS syncs_by_id ON ${schema}.syncs (scope, sync_id);
CREATE UNIQUE INDEX IF NOT EXISTS syncs_running ON ${schema}.syncs (scope, connector_type) WHERE is_running;
CREATE INDEX IF NOT EXISTS syncs_by_scope ON ${schema}.syncs (scope, number);
CREATE INDEX IF NOT EXISTS syncs_owned ON ${schema}.syncs (number) WHERE is_running AND owner_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS syncs_ended ON ${schema}.syncs (completed_at) WHERE NOT is_running;

CREATE TABLE IF NOT EXISTS ${schema}.failures (
  sync bigint NOT NULL REFERENCES ${schema}.syncs (number) ON DELETE CASCADE,
  position integer NOT NULL,
  failure text NOT NULL,
  PRIMARY KEY (sync, position)
);
CREATE TABLE IF NOT EXISTS ${schema}.log (
  sync bigint NOT NULL REFERENCES ${schema}.syncs (number) ON DELETE CASCADE,
  position integer NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (sync, position)
);
CREATE TABLE IF NOT EXISTS ${schema}.notices (
  id text PRIMARY KEY,
  notice text NOT NULL,
  due_at double precision NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS notices_due ON ${schema}.notices (due_at);
${functionsSql(schema)}
DELETE FROM ${schema}.version;
INSERT INTO ${schema}.version VALUES (${SCHEMA_VERSION});
`;
}

/** Whether the tables are those of this version; throws if they are of a newer one. */
export function isPresent(version: number, schema: string): boolean {
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `SyncProgressError: the schema ${schema} was made by a newer version of react-sync-progress (${version}, this one reads ${SCHEMA_VERSION}).`,
    );
  }
  return version === SCHEMA_VERSION;
}

export function checkSchemaName(schema: string): void {
  if (/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) return;
  throw new TypeError(
    `SyncProgressError: schema must be 1 to 41 lower-case letters, digits and underscores, got ${JSON.stringify(schema)}.`,
  );
}

/**
 * The functions carry the version in their names, so that two versions of a server can run side by side. A channel is of
 * one scope; NOTIFY takes at most 7,999 bytes, so that a longer state is sent as the id that is to be read.
 */
function functionsSql(schema: string): string {
  return `
CREATE OR REPLACE FUNCTION ${schema}.channel_1(scope text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'sp_' || left(encode(sha256(convert_to(${literalOf(`${schema} `)} || scope, 'UTF8')), 'hex'), 40)
$$;

CREATE OR REPLACE FUNCTION ${schema}.notify_1(scope text, sync_id text, seq bigint, mail boolean, snapshot text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  message text := 's' || seq || CASE WHEN mail THEN '+' WHEN NOT mail THEN '-' ELSE '' END || ':' || sync_id || chr(10) || snapshot;
BEGIN
  IF octet_length(message) > 7999 THEN message := 'r' || seq || ':' || sync_id; END IF;
  PERFORM pg_notify(${schema}.channel_1(scope), message);
END $$;

CREATE OR REPLACE FUNCTION ${schema}.write_1(
  the_scope text, the_id text, the_write text, the_order bigint, the_fence bigint, is_end boolean,
  new_status text, new_result text, new_snapshot text, new_completed_at double precision, new_checkpoint text,
  kept_failures integer, new_failures text[], max_failures integer, new_log text[], max_log integer,
  notice_ids text[], new_notices text[], are_on_request boolean[],
  OUT verdict text, OUT new_seq bigint, OUT wants_mail boolean
) LANGUAGE plpgsql AS $$
DECLARE
  old ${schema}.syncs%ROWTYPE;
  is_owner boolean;
  kept integer;
  added integer;
  lines integer;
BEGIN
  SELECT * INTO old FROM ${schema}.syncs WHERE scope = the_scope AND sync_id = the_id FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN; END IF;
  new_seq := old.seq;
  wants_mail := old.mail;
  verdict := 'kept';
  IF old.last_write_id = the_write THEN RETURN; END IF;
  IF NOT old.is_running THEN verdict := 'ended'; RETURN; END IF;
  is_owner := the_fence IS NOT NULL AND old.owner_id IS NOT NULL AND old.fence = the_fence;
  IF NOT is_owner AND NOT (the_fence IS NULL AND is_end) THEN verdict := 'superseded'; RETURN; END IF;
  IF is_owner AND old.last_order >= the_order THEN RETURN; END IF;

  kept := LEAST(old.failure_count, COALESCE(kept_failures, old.failure_count));
  added := GREATEST(0, LEAST(cardinality(new_failures), max_failures - kept));
  lines := GREATEST(0, LEAST(cardinality(new_log), max_log - old.log_count));
  IF kept < old.failure_count THEN
    DELETE FROM ${schema}.failures WHERE sync = old.number AND position >= kept;
  END IF;
  IF added > 0 THEN
    INSERT INTO ${schema}.failures
      SELECT old.number, kept + n - 1, text FROM unnest(new_failures[1:added]) WITH ORDINALITY AS given (text, n);
  END IF;
  IF lines > 0 THEN
    INSERT INTO ${schema}.log
      SELECT old.number, old.log_count + n - 1, text FROM unnest(new_log[1:lines]) WITH ORDINALITY AS given (text, n);
  END IF;
  verdict := 'written';
  new_seq := old.seq + 1;
  UPDATE ${schema}.syncs SET
    status = new_status, result = new_result, is_running = NOT is_end, snapshot = new_snapshot, seq = new_seq,
    owner_id = CASE WHEN is_end THEN NULL ELSE owner_id END, checkpoint = COALESCE(new_checkpoint, checkpoint),
    last_write_id = the_write, last_order = the_order, failure_count = kept + added, log_count = old.log_count + lines,
    is_log_cut = is_log_cut OR lines < cardinality(new_log), completed_at = new_completed_at
  WHERE number = old.number;
  IF is_end THEN
    INSERT INTO ${schema}.notices (id, notice)
      SELECT id, text FROM unnest(notice_ids, new_notices, are_on_request) AS given (id, text, is_on_request)
      WHERE NOT is_on_request OR old.mail
      ON CONFLICT DO NOTHING;
  END IF;
  PERFORM ${schema}.notify_1(the_scope, the_id, new_seq, old.mail, new_snapshot);
END $$;
`;
}

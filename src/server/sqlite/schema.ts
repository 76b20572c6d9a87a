/** Grows with every change of the tables. */
export const SCHEMA_VERSION = 1;

/**
 * `v` is one counter for all changes of the file; other processes read what has a greater one than they have seen.
 * Snapshots are kept as on the wire, read by the one decoder.
 */
export const SCHEMA = `
  CREATE TABLE counter (v INTEGER NOT NULL);
  INSERT INTO counter VALUES (0);

  CREATE TABLE syncs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    sync_id TEXT NOT NULL,
    connector_type TEXT NOT NULL,
    status TEXT NOT NULL,
    is_running INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    seq INTEGER NOT NULL,
    v INTEGER NOT NULL,
    owner_id TEXT,
    fence INTEGER NOT NULL,
    beat INTEGER NOT NULL DEFAULT 0,
    checkpoint TEXT,
    input TEXT,
    last_write_id TEXT,
    last_order INTEGER NOT NULL DEFAULT 0,
    failure_count INTEGER NOT NULL DEFAULT 0,
    log_count INTEGER NOT NULL DEFAULT 0,
    completed_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX syncs_by_id ON syncs (scope, sync_id);
  CREATE UNIQUE INDEX syncs_running ON syncs (scope, connector_type) WHERE is_running = 1;
  CREATE INDEX syncs_by_scope ON syncs (scope, number);
  CREATE INDEX syncs_by_change ON syncs (v);
  CREATE INDEX syncs_owned ON syncs (number) WHERE is_running = 1 AND owner_id IS NOT NULL;
  CREATE INDEX syncs_ended ON syncs (completed_at) WHERE is_running = 0;

  CREATE TABLE failures (
    sync INTEGER NOT NULL REFERENCES syncs (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    failure TEXT NOT NULL,
    PRIMARY KEY (sync, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log (
    sync INTEGER NOT NULL REFERENCES syncs (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (sync, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    v INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    sync_id TEXT NOT NULL,
    kind TEXT NOT NULL
  ) STRICT;

  CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    sync_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX notices_due ON notices (due_at);
`;

/** The result of a sync, as an expression over a row of `syncs`; its status while it runs. */
export const RESULT = `CASE status
  WHEN 'complete' THEN iif(json_extract(snapshot, '$.failed_items') > 0, 'partly_failed', 'complete')
  WHEN 'error' THEN 'failed'
  ELSE status END`;

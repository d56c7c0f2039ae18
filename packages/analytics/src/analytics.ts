import type { AuditRecord } from '@kalshi-mm/core';
import { Kysely, SqliteDialect } from 'kysely';
import { AuditWriter } from './audit-writer.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';
import { createReports, type Reports } from './reports.ts';
import type { RunEnd, RunStart } from './run.ts';
import { sqliteError } from './sqlite-error.ts';

export interface AnalyticsOptions {
  /** Database file; made, with its folder, when it does not exist. `:memory:` for none. */
  readonly path: string;
}

/**
 * The trading database, fed from the audit stream and nothing else. Writes wait in memory until about 100 rows have
 * come together: call `flush` now and then in a quiet market. After a crash, ingest the journal again; what is
 * already there is recognised.
 */
export interface Analytics {
  /** Once per run, before its records; the same call again changes nothing. @throws MmError `analytics-run-exists` */
  startRun(run: RunStart): void;
  /**
   * Takes one record of a run, in the order of their sequence; a record that was taken before is ignored.
   *
   * @throws MmError `analytics-unknown-run`; `analytics-full`; or the failure of a write, after which the record waits
   *   for the next one
   */
  ingest(record: AuditRecord): void;
  endRun(end: RunEnd): void;
  /** Writes what waits. @throws MmError, e.g. `analytics-locked`; nothing is lost then, call it again */
  flush(): Promise<void>;
  /** Questions about one account, `live` unless named; each writes first what waits. */
  reports(account?: string): Reports;
  /** The database for queries of one's own. Call `flush` first; do not write. */
  readonly database: Kysely<Database>;
  /** Flushes and closes; the file is closed even when the flush fails. */
  close(): Promise<void>;
}

/** @throws MmError that says what is wrong with the file and what to do */
export async function openAnalytics(options: AnalyticsOptions): Promise<Analytics> {
  const file = await openSqlite(options.path);
  const database = new Kysely<Database>({ dialect: new SqliteDialect({ database: file }) });
  let writer: AuditWriter;
  try {
    await migrate(database);
    writer = new AuditWriter(file, options.path);
  } catch (error) {
    file.close();
    throw sqliteError(error, options.path);
  }
  let open = true;
  return {
    startRun: (run) => writer.start(run),
    ingest: (record) => writer.ingest(record),
    endRun: (end) => writer.end(end),
    flush: async () => writer.flush(),
    reports: (account = 'live') => createReports(database, account, () => writer.flush()),
    database,
    async close() {
      if (!open) return;
      open = false;
      try {
        writer.flush();
      } finally {
        file.close();
      }
    },
  };
}

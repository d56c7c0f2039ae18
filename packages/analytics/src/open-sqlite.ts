import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MmError } from '@kalshi-mm/core';
import type BetterSqlite from 'better-sqlite3';
import { requireNodeForSqlite } from './node-version.ts';
import { sqliteError } from './sqlite-error.ts';

/** How long a write waits for another program's lock; it blocks this process, so it is short. */
const LOCK_WAIT_MS = 1_000;

/**
 * Opens a database file for writing, or makes it with its folder. Everything that can be found wrong with the file
 * is found by reading, before the first byte of it is changed.
 *
 * @param path a file, or `:memory:`
 * @throws MmError `node-too-old`, `analytics-not-a-database`, `analytics-corrupt`, `analytics-foreign`,
 *   `analytics-locked`, `analytics-unwritable`
 */
export async function openSqlite(path: string): Promise<BetterSqlite.Database> {
  requireNodeForSqlite(process.versions.node);
  const { default: Sqlite } = await import('better-sqlite3');
  let database: BetterSqlite.Database | undefined;
  try {
    if (path !== ':memory:') requireWritable(path);
    database = new Sqlite(path, { timeout: LOCK_WAIT_MS });
    requireOurs(database, path);
    requireSound(database, path);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, path);
  }
}

function requireWritable(path: string): void {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
}

function requireOurs(database: BetterSqlite.Database, path: string): void {
  const names = database
    .prepare<[], string>("select name from sqlite_master where type = 'table'")
    .pluck()
    .all();
  if (names.length === 0 || names.includes('kysely_migration')) return;
  throw new MmError('analytics-foreign', `${path} is the database of another program; it was not changed.`, {
    facts: { tables: names.slice(0, 5).join(', ') },
    todo: 'Give another path for the trading database.',
  });
}

function requireSound(database: BetterSqlite.Database, path: string): void {
  const found = database.pragma('quick_check(1)', { simple: true });
  if (found === 'ok') return;
  throw sqliteError(Object.assign(new Error(String(found)), { code: 'SQLITE_CORRUPT' }), path);
}

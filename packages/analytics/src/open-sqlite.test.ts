import { readFileSync, writeFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openAnalytics } from './analytics.ts';
import { requireNodeForSqlite } from './node-version.ts';

const file = temporaryFolder();

async function failure(path: string): Promise<MmError> {
  const result = await openAnalytics({ path }).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(result instanceof MmError)) throw new Error(`expected an MmError, got ${result}`);
  return result;
}

describe('opening a database file', () => {
  it('makes the file and its folders', async () => {
    const analytics = await openAnalytics({ path: file('a/b/new.db') });
    await analytics.close();
    expect(readFileSync(file('a/b/new.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('leaves a file that is no database alone', async () => {
    const text = 'these are notes, not a database. '.repeat(200);
    writeFileSync(file('notes.txt'), text);
    const error = await failure(file('notes.txt'));
    expect(error.code).toBe('analytics-not-a-database');
    expect(error.message).toContain('notes.txt');
    expect(error.todo).toContain('another path');
    expect(readFileSync(file('notes.txt'), 'utf8')).toBe(text);
  });

  it('leaves the database of another program alone', async () => {
    const other = new Sqlite(file('other.db'));
    other.exec('create table recipes (name text)');
    other.close();
    const before = readFileSync(file('other.db'));
    expect((await failure(file('other.db'))).code).toBe('analytics-foreign');
    expect(readFileSync(file('other.db'))).toEqual(before);
  });

  it('reports a damaged database without touching it', async () => {
    const analytics = await openAnalytics({ path: file('damaged.db') });
    await analytics.close();
    const bytes = readFileSync(file('damaged.db'));
    bytes.fill(0xa5, 3 * 4096, 9 * 4096);
    writeFileSync(file('damaged.db'), bytes);
    const error = await failure(file('damaged.db'));
    expect(error.code).toBe('analytics-corrupt');
    expect(error.todo).toContain('Move the file away');
    expect(readFileSync(file('damaged.db'))).toEqual(bytes);
  });

  it('says when another program holds the file', async () => {
    const other = new Sqlite(file('held.db'));
    other.exec('begin exclusive');
    const error = await failure(file('held.db'));
    other.close();
    expect(error.code).toBe('analytics-locked');
    expect(error.recovery).toBe('retry');
  });

  it('says when the path cannot be a file', async () => {
    writeFileSync(file('plain'), 'x');
    expect((await failure(file('plain/trading.db'))).code).toBe('analytics-unwritable');
    expect((await failure(file('.'))).code).toBe('analytics-unwritable');
  });
});

describe('requireNodeForSqlite', () => {
  it('refuses a Node that would crash', () => {
    expect(() => requireNodeForSqlite('20.19.2')).toThrow(/Node 22 or newer/);
    expect(() => requireNodeForSqlite('22.0.0')).not.toThrow();
    expect(() => requireNodeForSqlite(process.versions.node)).not.toThrow();
  });
});

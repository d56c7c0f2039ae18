import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openAnalytics } from './analytics.ts';
import { MIGRATIONS, migrate } from './migrate.ts';

const file = temporaryFolder();

const schemaOf = (path: string): unknown[] => {
  const database = new Sqlite(path, { readonly: true });
  const rows = database.prepare('select type, name, sql from sqlite_master order by name').all();
  database.close();
  return rows;
};

it('builds every table from an empty file, and changes nothing when run again', async () => {
  const path = file('empty.db');
  const analytics = await openAnalytics({ path });
  const tables = await analytics.database.introspection.getTables();
  expect(tables.map((table) => table.name).sort()).toEqual([
    'market_snapshots',
    'order_fills',
    'orders',
    'position_history',
    'settlements',
    'strategy_runs',
    'trades',
    'volatility_events',
    'volatility_sessions',
  ]);
  await analytics.flush();
  const before = schemaOf(path);
  await migrate(analytics.database);
  await analytics.close();
  const again = await openAnalytics({ path });
  await again.close();
  expect(schemaOf(path)).toEqual(before);
});

it('finishes a migration that was interrupted between its statements', async () => {
  const path = file('half.db');
  const first = await openAnalytics({ path });
  await sql`drop table volatility_sessions`.execute(first.database);
  await sql`delete from kysely_migration`.execute(first.database);
  await first.close();
  const second = await openAnalytics({ path });
  await expect(second.database.selectFrom('volatility_sessions').selectAll().execute()).resolves.toEqual([]);
  await second.close();
});

it('refuses a database of a newer version', async () => {
  const path = file('newer.db');
  const analytics = await openAnalytics({ path });
  await sql`insert into kysely_migration (name, timestamp) values ('999-later', '2030')`.execute(
    analytics.database,
  );
  await analytics.close();
  await expect(openAnalytics({ path })).rejects.toMatchObject({
    code: 'analytics-schema',
    facts: { newestKnown: Object.keys(MIGRATIONS).at(-1) },
  });
});

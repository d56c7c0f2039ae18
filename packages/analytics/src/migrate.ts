import { MmError } from '@kalshi-mm/core';
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { tradingTables } from './migrations/001-trading.ts';

/** Every migration by name, in alphabetical order; one that was released never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-trading': tradingTables,
};

/**
 * Brings a database to the newest schema; does nothing when it already is.
 *
 * @throws MmError `analytics-schema` when a migration fails or the database was written by a newer version
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new MmError(
    'analytics-schema',
    'The trading database could not be brought to this version’s schema.',
    {
      facts: {
        migration: failed ?? null,
        newestKnown: Object.keys(MIGRATIONS).at(-1) ?? null,
        cause: message(error),
      },
      todo: 'Use the newest version of this program on this file, or give it a new file.',
      cause: error,
    },
  );
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

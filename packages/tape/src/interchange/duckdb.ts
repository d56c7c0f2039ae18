import { MmError } from '@kalshi-mm/core';

type DuckDb = typeof import('@duckdb/node-api');
export type DuckDbConnection = Awaited<ReturnType<InstanceType<DuckDb['DuckDBInstance']>['connect']>>;

/**
 * Lends a connection to a database in memory.
 *
 * @param load fetches the optional package
 * @throws MmError `duckdb-missing`
 */
export async function withDuckDb<T>(
  work: (connection: DuckDbConnection) => Promise<T>,
  load: () => Promise<DuckDb> = () => import('@duckdb/node-api'),
): Promise<T> {
  const { DuckDBInstance } = await load().catch((cause: unknown) => {
    throw new MmError('duckdb-missing', 'Parquet needs the optional package @duckdb/node-api', {
      facts: { found: (cause as Error).message.split('\n', 1)[0]! },
      todo: 'Install it beside @kalshi-mm/tape (`npm install @duckdb/node-api@^1.5.0-r.1`), or use CSV, which needs nothing.',
      cause,
    });
  });
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A text within a statement. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

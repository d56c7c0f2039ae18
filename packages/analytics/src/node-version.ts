import { MmError } from '@kalshi-mm/core';

const OLDEST_MAJOR = 22;

/**
 * Refuses a Node on which the SQLite library would end the process with a segmentation fault instead of an error.
 * Call it before the library is imported.
 *
 * @param version `process.versions.node`, e.g. `24.11.0`
 * @throws MmError `node-too-old`
 */
export function requireNodeForSqlite(version: string): void {
  const major = Number.parseInt(version, 10);
  if (major >= OLDEST_MAJOR) return;
  throw new MmError('node-too-old', `The trading database needs Node ${OLDEST_MAJOR} or newer.`, {
    facts: { found: version },
    todo: `Run this program with Node ${OLDEST_MAJOR} or newer.`,
  });
}

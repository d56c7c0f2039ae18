import { MmError } from '@kalshi-mm/core';

/** Turns whatever SQLite or the file system threw into a report that says what to do. Passes an MmError through. */
export function sqliteError(error: unknown, path: string): MmError {
  if (error instanceof MmError) return error;
  const code = codeOf(error);
  const facts = { path, cause: error instanceof Error ? error.message : String(error), sqlite: code };
  const report = (name: string, summary: string, todo: string, recovery: 'fix' | 'retry' = 'fix') =>
    new MmError(name, summary, { facts, todo, recovery, cause: error });
  if (code.startsWith('SQLITE_NOTADB')) {
    return report(
      'analytics-not-a-database',
      `${path} is not an SQLite database; it was not changed.`,
      'Give another path for the trading database, or move this file away.',
    );
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return report(
      'analytics-corrupt',
      `The trading database ${path} is damaged.`,
      'Move the file away with its -wal and -shm files and start with a new one; `sqlite3 FILE .recover` saves what is readable.',
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return report(
      'analytics-locked',
      `The trading database ${path} is locked by another program.`,
      'Stop the other program that writes to it, or give this one its own file.',
      'retry',
    );
  }
  if (code === 'SQLITE_FULL') {
    return report(
      'analytics-disk-full',
      `The disk of ${path} is full.`,
      'Free space; what is not written yet is kept.',
      'retry',
    );
  }
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|E[A-Z]+$)/.test(code)) {
    return report(
      'analytics-unwritable',
      `The trading database ${path} cannot be opened for writing.`,
      'Check that the path names a file, that its folder exists and that this user may write to both.',
    );
  }
  return report(
    'analytics-storage',
    `The trading database ${path} failed.`,
    'See the cause; nothing was half written.',
  );
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

/** Makes the folder of database, journals and summaries. @throws MmError `data-dir` */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw new MmError('data-dir', `The data folder cannot be made: ${dataDir}`, {
      todo: 'Name a folder that the bot may write to with --data-dir.',
      cause,
    });
  }
}

/**
 * Keeps a second bot out of the folder: two bots on one account cancel each other's orders. The lock of a process
 * that is gone is taken over.
 *
 * @returns gives the folder free again
 * @throws MmError `data-dir-in-use`
 */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'vol-bot.lock');
  const holder = holderOf(path);
  if (holder !== null) {
    throw new MmError('data-dir-in-use', `Another vol-bot runs on this data folder: process ${holder}`, {
      facts: { dataDir },
      todo: 'Stop it first, or give this one its own --data-dir and its own account.',
    });
  }
  try {
    writeFileSync(path, `${process.pid}\n`);
  } catch (cause) {
    throw new MmError('data-dir', `The data folder cannot be written to: ${dataDir}`, {
      todo: 'Name a folder that the bot may write to with --data-dir.',
      cause,
    });
  }
  return () => rmSync(path, { force: true });
}

/** The living process that holds the lock; null when there is none. */
function holderOf(path: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(path, 'utf8').trim());
  } catch {
    return null;
  }
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // The process exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}

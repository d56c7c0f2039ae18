import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

/**
 * Makes the folder and keeps a second recorder out of it: each would count, and delete, the files of the other. The
 * lock of a process that is gone is taken over.
 *
 * @returns gives the folder free again
 * @throws MmError `folder-in-use`, `folder`
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'recorder.lock');
  try {
    mkdirSync(dir, { recursive: true });
    const holder = holderOf(path);
    if (holder !== null) {
      throw new MmError('folder-in-use', `Another recorder writes into ${dir}: process ${holder}`, {
        todo: 'Stop it first, or give this one its own --dir.',
      });
    }
    writeFileSync(path, `${process.pid}\n`);
  } catch (cause) {
    if (cause instanceof MmError) throw cause;
    throw new MmError('folder', `The folder cannot be written to: ${dir}`, {
      todo: 'Name a folder that the recorder may write to with --dir.',
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

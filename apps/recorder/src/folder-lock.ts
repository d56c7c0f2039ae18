import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

/** Folders that this process holds. */
const held = new Set<string>();

/**
 * Makes the folder and keeps a second recorder or download out of it: each would count, delete or overwrite the files of
 * the other. The lock of a process that is gone is taken over.
 *
 * @returns gives the folder free again
 * @throws MmError `folder-in-use`, `folder`
 */
export function lockFolder(dir: string): () => void {
  try {
    mkdirSync(dir, { recursive: true });
    const place = realpathSync(dir);
    const path = join(place, 'recorder.lock');
    if (held.has(place)) throw inUse(dir, process.pid, path);
    takeLock(dir, path);
    held.add(place);
    return () => {
      held.delete(place);
      rmSync(path, { force: true });
    };
  } catch (cause) {
    if (cause instanceof MmError) throw cause;
    throw new MmError('folder', `The folder cannot be written to: ${dir}`, {
      todo: 'Name a folder that the recorder may write to.',
      cause,
    });
  }
}

function takeLock(dir: string, path: string): void {
  // With its content before it has its name: nobody can take a lock that is just being made for one left behind.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    while (!linked(own, path)) {
      const holder = holderOf(path);
      if (holder !== null) throw inUse(dir, holder, path);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** False when the file is there, also when somebody else has made it just now. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const inUse = (dir: string, holder: number, path: string): MmError =>
  new MmError('folder-in-use', `Another recorder writes into ${dir}: process ${holder}`, {
    todo: `Stop it first, or name another folder. If process ${holder} is no recorder, delete ${path}.`,
  });

/** The living process that holds the lock; null when there is none. */
function holderOf(path: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(path, 'utf8').trim());
  } catch {
    return null;
  }
  // This process does not hold it: an earlier one had the same number.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // The process exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}

import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

/** Locks that this process holds. */
const held = new Set<string>();

export interface FolderLock {
  /** Who works in the folder, e.g. `recorder`; the lock is the file `recorder.lock` in it. */
  readonly program: string;
  /** With what another folder is named, e.g. `--dir`. */
  readonly flag: string;
  /** What a second one needs besides a folder of its own. */
  readonly alsoOwn?: string;
}

/**
 * Makes the folder and keeps a second one of the same program out of it. The lock of a process that is gone is taken
 * over.
 *
 * @returns gives the folder free again
 * @throws MmError `folder-in-use`, `folder`
 */
export function lockFolder(dir: string, lock: FolderLock): () => void {
  const { program, flag } = lock;
  try {
    mkdirSync(dir, { recursive: true });
    const place = realpathSync(dir);
    const path = join(place, `${program}.lock`);
    if (held.has(path)) throw inUse(dir, lock, process.pid, path);
    const holder = takeLock(path);
    if (holder !== null) throw inUse(dir, lock, holder, path);
    held.add(path);
    return () => {
      held.delete(path);
      rmSync(path, { force: true });
    };
  } catch (cause) {
    if (cause instanceof MmError) throw cause;
    throw new MmError('folder', `The folder cannot be written to: ${dir}`, {
      todo: `Name a folder that the ${program} may write to with ${flag}.`,
      cause,
    });
  }
}

/** @returns the process that holds the lock; null when it is ours now */
function takeLock(path: string): number | null {
  // With its content before it has its name: nobody can take a lock that is just being made for one left behind.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    while (!linked(own, path)) {
      const holder = holderOf(path);
      if (holder !== null) return holder;
      rmSync(path, { force: true });
    }
    return null;
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

function inUse(dir: string, { program, flag, alsoOwn }: FolderLock, holder: number, path: string): MmError {
  const own = `a folder of its own with ${flag}${alsoOwn === undefined ? '' : ` and ${alsoOwn}`}`;
  return new MmError('folder-in-use', `Another ${program} works in ${dir}: process ${holder}`, {
    todo: `Stop it first, or give this one ${own}. If process ${holder} is no ${program}, delete ${path}.`,
  });
}

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

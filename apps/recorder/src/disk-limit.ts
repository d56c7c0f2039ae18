import { readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

export interface DiskLimitOptions {
  readonly dir: string;
  readonly maxTotalBytes: number;
  readonly whenFull: 'delete-oldest' | 'stop';
  readonly minFreeBytes: number;
}

/**
 * Keeps the captures of a folder within bounds. The newest file is never deleted: it may be the one being written.
 *
 * @returns the files that were deleted
 * @throws MmError `disk-full` when the recorder has to end
 */
export function enforceDiskLimit(options: DiskLimitOptions): string[] {
  const { dir, maxTotalBytes, minFreeBytes } = options;
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.capture'))
    .map((name) => ({ path: join(dir, name), ...statSync(join(dir, name)) }))
    .sort((a, b) => a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1));
  let total = files.reduce((sum, file) => sum + file.size, 0);
  const deleted: string[] = [];
  if (total > maxTotalBytes && options.whenFull === 'stop') {
    throw full(`The captures in ${dir} take ${gb(total)} GB of ${gb(maxTotalBytes)}`);
  }
  for (const file of files.slice(0, -1)) {
    if (total <= maxTotalBytes) break;
    rmSync(file.path);
    deleted.push(file.path);
    total -= file.size;
  }
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < minFreeBytes) {
    throw full(`The disk of ${dir} has ${gb(bavail * bsize)} GB left, less than ${gb(minFreeBytes)}`);
  }
  return deleted;
}

const gb = (bytes: number): string => (bytes / 1e9).toFixed(3);

const full = (what: string): MmError =>
  new MmError('disk-full', what, {
    todo: 'Move captures away, compile them to tapes, or raise files.max_total_gb.',
  });

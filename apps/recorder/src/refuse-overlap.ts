import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';
import { type Capture, openCapture } from '@kalshi-mm/tape';

/**
 * A recording that begins before the last one of its folder has ended cannot be compiled together with it.
 *
 * @throws MmError `clock-behind`
 */
export function refuseOverlap(dir: string, nowUs: number): void {
  let newest: { readonly path: string; readonly startedUs: number } | null = null;
  for (const name of readdirSync(dir)) {
    if (!name.endsWith('.capture')) continue;
    const path = join(dir, name);
    const startedUs = read(path, ({ header }) => header?.startedUs ?? 0) ?? 0;
    if (newest === null || startedUs > newest.startedUs) newest = { path, startedUs };
  }
  if (newest === null) return;
  const { path } = newest;
  const lastUs = read(path, (capture) => {
    let last = newest.startedUs;
    for (const { recvUs } of capture.records({ fromUs: Number.POSITIVE_INFINITY })) last = recvUs;
    return last;
  });
  if (lastUs === null || lastUs < nowUs) return;
  throw new MmError('clock-behind', `${path} ends at ${isoOf(lastUs)}, but the clock says ${isoOf(nowUs)}`, {
    todo: 'Set the clock right, wait until it has passed that time, or name another folder with --dir.',
  });
}

/** Null for a file that cannot be read: it is in nobody's way before it is compiled. */
function read<T>(path: string, work: (capture: Capture) => T): T | null {
  let capture: Capture | null = null;
  try {
    capture = openCapture(path);
    return work(capture);
  } catch (error) {
    if (error instanceof MmError) return null;
    throw error;
  } finally {
    capture?.close();
  }
}

const isoOf = (us: number): string => new Date(us / 1_000).toISOString();

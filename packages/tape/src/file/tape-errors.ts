import { MmError } from '@kalshi-mm/core';

const REIMPORT = 'Re-import from the source.';

export const corruptTape = (path: string, what: string, at: number, cause?: unknown): MmError =>
  new MmError('tape-corrupt', `${path} is corrupt: ${what} at byte ${at}`, {
    facts: { byte: at },
    todo: REIMPORT,
    ...(cause === undefined ? {} : { cause }),
  });

export const truncatedTape = (path: string, size: number, what: string): MmError =>
  new MmError('tape-truncated', `${path} is truncated: ${what}; the file ends at byte ${size}`, {
    facts: { bytes: size },
    todo: REIMPORT,
  });

export const notATape = (path: string): MmError =>
  new MmError('not-a-tape', `${path} is not a tape: its first bytes are not the tape mark`, {
    todo: 'Name a file that "tape import" or "tape compile" wrote; if this is one, it is corrupt: re-import from the source.',
  });

export const unknownTapeVersion = (path: string, version: number, known: number): MmError =>
  new MmError(
    'tape-version',
    `${path} has tape format version ${version}; this program reads versions up to ${known}`,
    {
      todo: `${REIMPORT} Or read it with the program version that wrote it.`,
    },
  );

/** Turns a failure of the file system into a report. */
export function fileError(path: string, doing: 'open' | 'read' | 'write', cause: unknown): MmError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT' && doing === 'write') {
    return new MmError('file-failed', `Could not write ${path}: its folder does not exist`, {
      todo: 'Make the folder first, or name another one.',
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new MmError('file-missing', `${path} does not exist`, { todo: 'Check the path.', cause });
  }
  return new MmError('file-failed', `Could not ${doing} ${path} (${code})`, {
    todo: 'Check the path, its permissions and the free space of the disk.',
    cause,
  });
}

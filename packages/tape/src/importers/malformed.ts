import { MmError, WireError } from '@kalshi-mm/core';

/** Does the work for one line of a file; a field that does not fit is reported with its place. */
export function atLine<T>(path: string, line: number, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new MmError('source-malformed', `${path}:${line}: ${cause.message.split('\n', 1)[0]}`, {
      facts: { line, field: cause.path },
      todo: 'Fetch the recording again, or remove the line if the recorder wrote it wrongly.',
      cause,
    });
  }
}

import { readFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';

/** Contents of a file that a configuration or a flag names. @throws MmError `file-unreadable` */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MmError('file-unreadable', `The file cannot be read: ${path}`, {
      todo: 'Check the path and the permissions.',
      cause,
    });
  }
}

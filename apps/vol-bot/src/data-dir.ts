import { mkdirSync } from 'node:fs';
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

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type AuditRecord, MmError } from '@kalshi-mm/core';

/** Where audit records become durable before their commands leave. */
export interface Journal {
  append(record: AuditRecord): void;
  close(): void;
}

/**
 * An append-only file of audit records, one JSON line each. A record is handed to the operating system before
 * its commands are sent, so it survives the death of the process (not of the machine).
 *
 * @throws MmError when the file cannot be opened for appending
 */
export function openJournal(path: string): Journal {
  let file: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(path, 'a', 0o600);
  } catch (cause) {
    throw new MmError('journal-unwritable', `The journal cannot be opened for writing: ${path}`, {
      todo: 'Give the bot a writable directory for its data.',
      cause,
    });
  }
  return {
    append: (record) => {
      writeSync(file, `${JSON.stringify(record)}\n`);
    },
    close: () => closeSync(file),
  };
}

/** For hosts whose commands reach no real exchange. */
export const noJournal: Journal = { append: () => {}, close: () => {} };

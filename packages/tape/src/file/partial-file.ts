import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { fileError } from './tape-errors.ts';

export interface PartialFile {
  size(): number;
  write(bytes: Uint8Array): void;
  finish(): void;
  abort(): void;
}

/** A file that gets its name only when it is complete; it is removed when writing fails. */
export function openPartial(path: string): PartialFile {
  const partial = `${path}.${process.pid}.partial`;
  let size = 0;
  let descriptor: number | null = null;
  descriptor = attempt(() => openSync(partial, 'w'));

  function attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      abort();
      throw fileError(path, 'write', cause);
    }
  }
  function abort(): void {
    if (descriptor === null) return;
    closeSync(descriptor);
    descriptor = null;
    rmSync(partial, { force: true });
  }
  const open = (): number => {
    if (descriptor === null) throw new MmError('tape-closed', `${path} is already closed`);
    return descriptor;
  };

  return {
    size: () => size,
    write(bytes) {
      const to = open();
      attempt(() => {
        for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at);
      });
      size += bytes.length;
    },
    finish() {
      const from = open();
      attempt(() => {
        fsyncSync(from);
        renameSync(partial, path);
        closeSync(from);
      });
      descriptor = null;
    },
    abort,
  };
}

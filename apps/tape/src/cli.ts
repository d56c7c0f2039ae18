import { existsSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { Command, CommanderError } from 'commander';
import { bookCommand } from './book-command.ts';
import { compileCommand } from './compile-command.ts';
import { exportCommand } from './export-command.ts';
import { fitQueueCommand } from './fit-queue-command.ts';
import { importCommand } from './import-command.ts';
import { infoCommand } from './info-command.ts';
import { mergeCommand } from './merge-command.ts';

/** Where the commands write, and what may stop them. */
export interface Terminal {
  /** Results; with `--json` exactly one document. */
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: (text: string) => void;
  /** For a progress bar; null when nobody watches. */
  readonly progressStream: NodeJS.WritableStream | null;
  readonly signal: AbortSignal;
}

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('tape')
    .description(
      'Makes tapes of recordings and captures, looks into them, and writes them for other programs.',
    )
    .addHelpText('after', '\nExample:\n  $ pnpm tape import ../shared/data/kalshi-gold15m-ws --out gold.tape')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  const commands = [
    importCommand,
    compileCommand,
    mergeCommand,
    exportCommand,
    infoCommand,
    bookCommand,
    fitQueueCommand,
  ];
  for (const make of commands) {
    const command = make(terminal);
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already printed its message; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof MmError || isSystemError(error))) throw error;
    terminal.err(`tape: ${error.message}\n`);
    return 1;
  }
}

/** A failed call to the operating system is the caller's world; any other error is a bug and keeps its stack. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

export const printJson = (terminal: Terminal, value: unknown): void =>
  terminal.out(`${JSON.stringify(value)}\n`);

/** `null` for the missing time of an empty tape. */
export const isoOrNull = (ms: number): string | null =>
  Number.isNaN(ms) ? null : new Date(ms).toISOString();

/** @throws MmError `file-exists` */
export function refuseExisting(path: string, force: boolean | undefined): void {
  if (!existsSync(path) || force === true) return;
  throw new MmError('file-exists', `${path} exists`, {
    todo: 'Name another file, or add --force to replace this one.',
  });
}

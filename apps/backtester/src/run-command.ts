import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { BotConfig, type SessionsMode } from '@kalshi-mm/assembly';
import { type AuditRecord, MmError } from '@kalshi-mm/core';
import { loadConfig } from '@kalshi-mm/runtime';
import { SingleBar } from 'cli-progress';
import { printReport } from './print-report.ts';
import { runBacktest } from './run-backtest.ts';
import { tapeConfig } from './tape-config.ts';
import { openTapes } from './tapes.ts';

export interface RunFlags {
  readonly tape: readonly string[];
  readonly strategy: string;
  readonly config?: string;
  readonly sessions: SessionsMode;
  readonly audit?: string;
  readonly json?: boolean;
}

/** `backtest run` */
export async function runCommand(flags: RunFlags): Promise<void> {
  const { sessions } = flags;
  const loaded = loadConfig(BotConfig, flags.config ?? null);
  const tapes = openTapes(flags.tape);
  const { config, notes } = tapeConfig(loaded, tapes, sessions);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const hash = createHash('sha256');
  const auditFile = flags.audit === undefined ? null : openAudit(flags.audit);
  const bar = progressBar(flags.json === true);
  bar?.start(tapes.rows, 0);
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  try {
    const report = await runBacktest({
      config,
      strategy: flags.strategy,
      sessions,
      tapes,
      onAudit: (record: AuditRecord) => {
        const line = `${JSON.stringify(record)}\n`;
        hash.update(line);
        if (auditFile !== null) writeSync(auditFile, line);
      },
      onProgress: (rows) => bar?.update(rows),
      interrupted: () => interrupted,
    });
    bar?.stop();
    if (report === null) {
      process.stderr.write('Interrupted: no result.\n');
      process.exit(130);
    }
    printReport({ auditHash: hash.digest('hex'), ...report, notes }, flags.json === true);
  } finally {
    bar?.stop();
    tapes.close();
    if (auditFile !== null) closeSync(auditFile);
  }
}

function openAudit(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new MmError('audit-not-writable', `The audit cannot be written: ${path}`, {
      facts: { reason: (error as NodeJS.ErrnoException).code ?? String(error) },
      todo: 'Name a file in a folder that exists and that you may write to.',
    });
  }
}

function progressBar(quiet: boolean): SingleBar | null {
  if (quiet || !process.stderr.isTTY) return null;
  return new SingleBar({
    format: '{bar} {percentage}% | {value}/{total} rows | {eta} s left',
    stream: process.stderr,
  });
}

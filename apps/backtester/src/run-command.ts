import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { BotConfig, type SessionsMode } from '@kalshi-mm/assembly';
import { type AuditRecord, MmError } from '@kalshi-mm/core';
import { loadConfig } from '@kalshi-mm/runtime';
import { strategyNames } from '@kalshi-mm/strategies';
import { SingleBar } from 'cli-progress';
import { printReport } from './print-report.ts';
import { runBacktest } from './run-backtest.ts';
import { tapeConfig } from './tape-config.ts';
import { openTapes } from './tapes.ts';

export interface RunFlags {
  readonly tape: readonly string[];
  readonly strategy: string;
  readonly config?: string;
  readonly sessions: string;
  readonly audit?: string;
  readonly json?: boolean;
}

/** `backtest run` */
export async function runCommand(flags: RunFlags): Promise<void> {
  if (!strategyNames.includes(flags.strategy)) {
    throw new MmError('unknown-strategy', `There is no strategy "${flags.strategy}"`, {
      todo: `Use one of: ${strategyNames.join(', ')}.`,
    });
  }
  const sessions = sessionsFrom(flags.sessions);
  const loaded = loadConfig(BotConfig, flags.config ?? null);
  const tapes = openTapes(flags.tape);
  const { config, notes } = tapeConfig(loaded, tapes, sessions);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const hash = createHash('sha256');
  const auditFile = flags.audit === undefined ? null : openSync(flags.audit, 'w');
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

function sessionsFrom(text: string): SessionsMode {
  if (text === 'volatility' || text === 'always') return text;
  throw new MmError('bad-flag', `--sessions is "always" or "volatility", not "${text}"`, {
    todo: 'Use one of the two.',
  });
}

function progressBar(quiet: boolean): SingleBar | null {
  if (quiet || !process.stderr.isTTY) return null;
  return new SingleBar({
    format: '{bar} {percentage}% | {value}/{total} rows | {eta} s left',
    stream: process.stderr,
  });
}

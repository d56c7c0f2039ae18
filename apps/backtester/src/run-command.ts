import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { BotConfig, type SessionsMode, simulationModels } from '@kalshi-mm/assembly';
import { type AuditRecord, MmError } from '@kalshi-mm/core';
import { loadConfig, readText } from '@kalshi-mm/runtime';
import { SingleBar } from 'cli-progress';
import { printComparison } from './print-comparison.ts';
import { type PrintedReport, printReport } from './print-report.ts';
import { runBacktest } from './run-backtest.ts';
import { tapeConfig } from './tape-config.ts';
import { openTapes } from './tapes.ts';

export interface RunFlags {
  readonly tape: readonly string[];
  readonly strategy: string;
  readonly config?: string;
  readonly sessions: SessionsMode;
  /** `all` compares several. */
  readonly queueModel?: string;
  readonly entryLatency?: string;
  readonly responseLatency?: string;
  readonly audit?: string;
  readonly json?: boolean;
}

/** `backtest run` */
export async function runCommand(flags: RunFlags): Promise<void> {
  const { sessions } = flags;
  const loaded = withFlags(loadConfig(BotConfig, flags.config ?? null), flags);
  const models = flags.queueModel === 'all' ? comparedModels(loaded) : [loaded.simulation.queue_model];
  // A model that is not one is refused before anything is played.
  for (const model of models) simulationModels(withQueueModel(loaded, model), readText);
  const tapes = openTapes(flags.tape);
  const { config, notes } = tapeConfig(loaded, tapes, sessions);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const auditFile = flags.audit === undefined ? null : openAudit(flags.audit, models.length);
  const bar = progressBar(flags.json === true);
  bar?.start(tapes.rows * models.length, 0);
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  try {
    const reports: PrintedReport[] = [];
    for (const [index, model] of models.entries()) {
      const hash = createHash('sha256');
      const report = await runBacktest({
        config: withQueueModel(config, model),
        strategy: flags.strategy,
        sessions,
        tapes,
        onAudit: (record: AuditRecord) => {
          const line = `${JSON.stringify(record)}\n`;
          hash.update(line);
          if (auditFile !== null) writeAudit(auditFile, flags.audit!, line);
        },
        onProgress: (rows) => bar?.update(index * tapes.rows + rows),
        interrupted: () => interrupted,
      });
      if (report === null) {
        bar?.stop();
        process.stderr.write('Interrupted: no result.\n');
        process.exit(130);
      }
      reports.push({ auditHash: hash.digest('hex'), ...report, notes });
    }
    bar?.stop();
    if (flags.queueModel === 'all') printComparison(reports, flags.json === true);
    else printReport(reports[0]!, flags.json === true);
  } finally {
    bar?.stop();
    tapes.close();
    if (auditFile !== null) closeSync(auditFile);
  }
}

/** Flags go before the file. */
function withFlags(config: BotConfig, flags: RunFlags): BotConfig {
  const { simulation } = config;
  const { queueModel } = flags;
  return {
    ...config,
    simulation: {
      ...simulation,
      queue_model: queueModel === undefined || queueModel === 'all' ? simulation.queue_model : queueModel,
      entry_latency_model: flags.entryLatency ?? simulation.entry_latency_model,
      response_latency_model: flags.responseLatency ?? simulation.response_latency_model,
    },
  };
}

function withQueueModel(config: BotConfig, model: string): BotConfig {
  return { ...config, simulation: { ...config.simulation, queue_model: model } };
}

/** From the lower bound to the upper one, and the configured model if it is none of them. */
function comparedModels({ simulation }: BotConfig): readonly string[] {
  return [
    ...new Set([
      'through-only',
      'conservative',
      'share',
      'power:1',
      'power:2',
      'log',
      simulation.queue_model,
      'touch',
    ]),
  ];
}

function openAudit(path: string, runs: number): number {
  if (runs > 1) {
    throw new MmError('one-audit', 'An audit is of one queue model', {
      todo: 'Leave --audit out, or name one.',
    });
  }
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw auditError(path, error, 'Name a file in a folder that exists and that you may write to.');
  }
}

function writeAudit(file: number, path: string, line: string): void {
  try {
    writeSync(file, line);
  } catch (error) {
    throw auditError(
      path,
      error,
      'Check the free space of the disk, and run it again: the file is not complete.',
    );
  }
}

const auditError = (path: string, error: unknown, todo: string): MmError =>
  new MmError('audit-not-writable', `The audit cannot be written: ${path}`, {
    facts: { reason: (error as NodeJS.ErrnoException).code ?? String(error) },
    todo,
  });

function progressBar(quiet: boolean): SingleBar | null {
  if (quiet || !process.stderr.isTTY) return null;
  return new SingleBar({
    format: '{bar} {percentage}% | {value}/{total} rows | {eta} s left',
    stream: process.stderr,
  });
}

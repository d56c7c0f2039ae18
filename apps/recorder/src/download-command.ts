import { MmError, Timestamp } from '@kalshi-mm/core';
import { SingleBar } from 'cli-progress';
import { download, HISTORY_KINDS } from './download.ts';
import { createPublicReads } from './public-reads.ts';
import { stopSignal } from './stop-signal.ts';

export interface DownloadFlags {
  readonly ticker?: readonly string[];
  readonly series?: readonly string[];
  readonly from: string;
  readonly to?: string;
  readonly period: string;
  readonly out: string;
  readonly restUrl?: string;
  readonly json?: boolean;
}

/** `recorder download` */
export async function downloadCommand(kinds: readonly string[], flags: DownloadFlags): Promise<void> {
  const { ticker = [], series = [] } = flags;
  if (ticker.length + series.length === 0) {
    throw new MmError('nothing-selected', 'No market is selected', { todo: 'Give --ticker or --series.' });
  }
  const signal = stopSignal(null);
  const restUrl = flags.restUrl ?? process.env.KALSHI_BASE_URL ?? PRODUCTION;
  const bar = flags.json === true || !process.stderr.isTTY ? null : progressBar();
  bar?.start(1, 0, { records: 0 });
  try {
    const summary = await download({
      reads: createPublicReads({ restUrl, signal }),
      dir: flags.out,
      restUrl,
      tickers: ticker,
      series,
      // Settlements are part of the market records.
      what: HISTORY_KINDS.filter((kind) => kinds.length === 0 || kinds.includes(kind)),
      fromTs: secondsOf(flags.from, '--from'),
      // Without an end the day before yesterday's download and today's would not be the same one.
      toTs: flags.to === undefined ? END_OF_TIME : secondsOf(flags.to, '--to'),
      periodMinutes: Number(flags.period),
      onProgress: ({ done, total, records }) => {
        bar?.setTotal(total);
        bar?.update(done, { records });
      },
    });
    bar?.stop();
    const words = `${summary.dir}: ${summary.markets} markets, ${summary.records} records read now\nmake a tape: pnpm tape import ${summary.dir} --part trades --out history.tape\n`;
    process.stdout.write(flags.json === true ? `${JSON.stringify(summary)}\n` : words);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('Stopped. The same command goes on from here.\n');
    process.exitCode = 130;
  } finally {
    bar?.stop();
  }
}

const PRODUCTION = 'https://external-api.kalshi.com/trade-api/v2';
/** 2100-01-01. */
const END_OF_TIME = 4_102_444_800;

/** A day (UTC) or a time with its zone. */
function secondsOf(text: string, flag: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return Math.floor(Timestamp.parseIso(time, flag) / 1_000);
}

const progressBar = (): SingleBar =>
  new SingleBar({
    stream: process.stderr,
    format: '{bar} {value}/{total} files, {records} records, {eta_formatted} to go',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });

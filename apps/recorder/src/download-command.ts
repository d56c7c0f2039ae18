import { MmError } from '@kalshi-mm/core';
import { SingleBar } from 'cli-progress';
import { type DownloadSummary, download, HISTORY_KINDS } from './download.ts';
import { createPublicReads } from './public-reads.ts';
import { stopSignal } from './stop-signal.ts';

export interface DownloadFlags {
  readonly ticker?: readonly string[];
  readonly series?: readonly string[];
  /** Unix seconds. */
  readonly from: number;
  readonly to?: number;
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
  // Settlements are part of the market records.
  const what = HISTORY_KINDS.filter((kind) => kinds.length === 0 || kinds.includes(kind));
  const bar = flags.json === true || !process.stderr.isTTY ? null : progressBar();
  bar?.start(1, 0, { records: 0 });
  try {
    const summary = await download({
      reads: createPublicReads({
        restUrl,
        signal,
        onTrouble: (trouble, waitMs) => {
          process.stderr.write(`${trouble}; trying again in ${waitMs / 1_000} s\n`);
        },
      }),
      dir: flags.out,
      restUrl,
      tickers: ticker,
      series,
      what,
      fromTs: flags.from,
      toTs: flags.to,
      periodMinutes: Number(flags.period),
      onProgress: ({ done, total, records }) => {
        bar?.setTotal(total);
        bar?.update(done, { records });
      },
    });
    bar?.stop();
    const part = what.find((kind) => kind !== 'markets');
    process.stdout.write(flags.json === true ? `${JSON.stringify(summary)}\n` : inWords(summary, part));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('Stopped. The same command goes on from here.\n');
    process.exitCode = 130;
  } finally {
    bar?.stop();
  }
}

const PRODUCTION = 'https://external-api.kalshi.com/trade-api/v2';

/** @param part of the download that tapes can be made of */
function inWords(
  { dir, markets, records, upToTs, withoutCandles }: DownloadSummary,
  part: string | undefined,
): string {
  const upTo = new Date(upToTs * 1_000).toISOString();
  return [
    `${dir}: ${markets} markets, ${records} records added, complete up to ${upTo}`,
    ...(withoutCandles.length === 0 ? [] : [`the exchange has no candles of ${withoutCandles.join(', ')}`]),
    ...(part === undefined || markets === 0
      ? []
      : [`make a tape: pnpm tape import ${dir} --part ${part} --out history.tape`]),
    '',
  ].join('\n');
}

const progressBar = (): SingleBar =>
  new SingleBar({
    stream: process.stderr,
    format: '{bar} {value}/{total} files, {records} records, {eta_formatted} to go',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });

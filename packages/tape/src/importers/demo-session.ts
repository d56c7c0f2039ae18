import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MmError, WireError } from '@kalshi-mm/core';
import { object, text } from '../json-fields.ts';
import { marketIndex } from '../market-index.ts';
import type { TapeRow } from '../row.ts';
import { assumedMarket } from './assumed-market.ts';
import type { DatasetFormat, LineReader } from './dataset.ts';
import { bookRows, connectedRow, integer, lookupOf, type MarketLookup, parseLine } from './frame-rows.ts';
import { readLines } from './read-lines.ts';

/** A session on the demo exchange: raw frames without a receive time. */
export const demoSession: DatasetFormat = {
  name: 'kalshi-demo-session',
  contents: 'session.jsonl.gz with raw frames',
  recognise: (dir) => existsSync(join(dir, 'session.jsonl.gz')),
  async open(dir, ticker) {
    const path = join(dir, 'session.jsonl.gz');
    const { tickers, firstMs, lastMs } = await survey(path);
    const all = tickers.map((name) => assumedMarket(name, firstMs, lastMs));
    const markets = ticker === null ? all : [all[marketIndex(all, ticker, dir)]!];
    const skipped = { fills: 0 };
    return {
      source: 'kalshi-demo-session',
      labels: { trades: false, depth: 'full', receiveClock: 'exchange', exchangeClock: true, ticker: false },
      receiveUnit: 'ms',
      markets,
      files: [{ path, open: () => lineReader(lookupOf(markets), new Set(tickers), firstMs, skipped) }],
      warnings: [
        'No receive time was recorded: the exchange time stands in, and frames without one take the time before them.',
        'Open and close times are not in the recording: they are the times of its first and last frame.',
        'Price grid and fees are not in the recording: whole cents and the quadratic fee are assumed.',
      ],
      findings: () =>
        skipped.fills === 0 ? [] : [`${skipped.fills} fill frames of the recording account are left out.`],
    };
  },
};

/** Every market and the bounds of the exchange clock; the file is small enough to be read twice. */
async function survey(
  path: string,
): Promise<{ tickers: readonly string[]; firstMs: number; lastMs: number }> {
  const tickers = new Set<string>();
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  for await (const { lines } of readLines(path)) {
    for (const line of lines) {
      const ticker = /"orderbook_(?:snapshot|delta)".*"market_ticker":"([^"]+)"/.exec(line)?.[1];
      if (ticker !== undefined) tickers.add(ticker);
      const time = /"ts_ms":(\d{1,15})\b/.exec(line)?.[1];
      if (time === undefined) continue;
      firstMs = Math.min(firstMs, Number(time));
      lastMs = Math.max(lastMs, Number(time));
    }
  }
  if (tickers.size === 0 || lastMs === 0) {
    throw new MmError('source-empty', `${path} has no order book frames with a time`, {
      todo: 'Name a folder with a complete session.',
    });
  }
  return { tickers: [...tickers].sort(), firstMs, lastMs };
}

function lineReader(
  markets: MarketLookup,
  tickers: ReadonlySet<string>,
  firstMs: number,
  skipped: { fills: number },
): LineReader {
  let clock = firstMs;
  let started = false;
  return {
    read(line) {
      if (line.trim() === '') return [];
      const frame = parseLine(line);
      switch (frame.type) {
        case 'subscribed':
        case 'ok':
          return [];
        case 'fill':
          skipped.fills++;
          return [];
        case 'orderbook_delta':
        case 'orderbook_snapshot': {
          const msg = object(frame.msg, 'msg');
          if (msg.ts_ms !== undefined) clock = Math.max(clock, integer(msg.ts_ms, 'msg.ts_ms'));
          const name = text(msg.market_ticker, 'msg.market_ticker');
          if (tickers.has(name) && !markets.has(name)) return [];
          const rows: TapeRow[] = bookRows(frame, clock, markets, 'frame');
          if (started) return rows;
          started = true;
          return [...[...markets.values()].map(({ index }) => connectedRow(clock, index)), ...rows];
        }
        default:
          throw new WireError(
            'type',
            'orderbook_snapshot, orderbook_delta, fill, subscribed or ok',
            frame.type,
          );
      }
    },
  };
}

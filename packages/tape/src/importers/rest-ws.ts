import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MmError, WireError } from '@kalshi-mm/core';
import { object, text } from '../json-fields.ts';
import { marketIndex } from '../market-index.ts';
import type { TapeRow } from '../row.ts';
import { assumedMarket } from './assumed-market.ts';
import { readCandles } from './candles-json.ts';
import type { DatasetFormat } from './dataset.ts';
import { bookRows, connectedRow, integer, lookupOf } from './frame-rows.ts';
import { atLine } from './malformed.ts';
import { CANDLE_TIMES, CANDLES } from './mlb-candles.ts';
import { readJson } from './read-table.ts';
import { ASSUMED_TERMS, ASSUMED_TIMES, createTable } from './table.ts';

/** One minute of book frames of twelve sports markets, and a few candles of others. */
export const restWs: DatasetFormat = {
  name: 'kalshi-rest-ws-2026-08',
  contents: 'ws_orderbook_stream.json.gz and candlesticks_mlb.json',
  parts: ['stream', 'candles'],
  recognise: (dir) => existsSync(join(dir, 'ws_orderbook_stream.json.gz')),
  open: async (dir, ticker, part) => (part === 'stream' ? openStream(dir, ticker) : openCandles(dir, ticker)),
};

function openStream(dir: string, ticker: string | null): Awaited<ReturnType<DatasetFormat['open']>> {
  const path = join(dir, 'ws_orderbook_stream.json.gz');
  const { frames, tickers } = readJson(path);
  if (!Array.isArray(frames) || !Array.isArray(tickers) || frames.length === 0) {
    throw new MmError('source-empty', `${path} has no frames`, { todo: 'Fetch the recording again.' });
  }
  const times = frames.map((entry: unknown, i) =>
    integer(object(entry, `frames[${i}]`).received_ms, `frames[${i}].received_ms`),
  );
  const all = tickers
    .map((name: unknown) => text(name, 'tickers[]'))
    .sort()
    .map((name) => assumedMarket(name, times[0]!, times.at(-1)!, { category: 'sports' }));
  const markets = ticker === null ? all : [all[marketIndex(all, ticker, path)]!];
  const lookup = lookupOf(markets);
  const known = lookupOf(all);
  const rows = frames.flatMap((entry: unknown, i): TapeRow[][] =>
    atLine(path, i + 1, () => {
      const frame = object(object(entry, 'entry').frame, 'frame');
      if (frame.type === 'subscribed' || frame.type === 'ok') return [];
      if (frame.type !== 'orderbook_delta' && frame.type !== 'orderbook_snapshot') {
        throw new WireError(
          'frame.type',
          'orderbook_snapshot, orderbook_delta, subscribed or ok',
          frame.type,
        );
      }
      const name = object(frame.msg, 'frame.msg').market_ticker as string;
      if (known.has(name) && !lookup.has(name)) return [];
      return [bookRows(frame, times[i]!, lookup, 'frame')];
    }),
  );
  const start = markets.map((_, index) => [connectedRow(times[0]!, index)]);
  return {
    source: 'kalshi-rest-ws-2026-08 stream',
    labels: { trades: false, depth: 'full', receiveClock: 'local', exchangeClock: true, ticker: false },
    receiveUnit: 'ms',
    markets,
    files: [{ path, rows: [...start, ...rows] }],
    warnings: ['No trade channel was recorded.', ASSUMED_TERMS, ASSUMED_TIMES],
    findings: () => [],
  };
}

function openCandles(dir: string, ticker: string | null): Awaited<ReturnType<DatasetFormat['open']>> {
  const path = join(dir, 'candlesticks_mlb.json');
  const table = createTable();
  for (const [name, entry] of Object.entries(object(readJson(path).markets, 'markets'))) {
    const { candlesticks } = object(entry, name);
    atLine(path, 1, () => readCandles(candlesticks, table.market(name, { category: 'sports' }), table, name));
  }
  return table.finish({
    source: 'kalshi-rest-ws-2026-08 candles',
    labels: CANDLES,
    path,
    ticker,
    warnings: [CANDLE_TIMES, ASSUMED_TERMS, ASSUMED_TIMES],
  });
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeeSchedule, type Market, Price, PriceGrid, Ticker, Timestamp, WireError } from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import { marketIndex } from '../market-index.ts';
import type { DatasetFormat, LineReader } from './dataset.ts';
import {
  bookRows,
  connectedRow,
  integer,
  lookupOf,
  type MarketLookup,
  marketOf,
  parseLine,
  spotRow,
  tickerRows,
} from './frame-rows.ts';
import { microDollars } from './poll-rows.ts';
import { csvColumns, readCsv } from './read-csv.ts';

/** Bitcoin 15-minute markets: book and ticker with a microsecond receive clock, one file per run. */
export const btc15m: DatasetFormat = {
  name: 'kalshi-btc15m-ws',
  contents: 'RUNS.csv, MARKETS.csv with a "market_ticker" column, events/<run>.ndjson.gz',
  recognise: (dir) =>
    csvColumns(join(dir, 'MARKETS.csv')).includes('market_ticker') &&
    csvColumns(join(dir, 'RUNS.csv')).includes('run') &&
    existsSync(join(dir, 'events')),
  async open(dir, ticker) {
    const runs = readCsv(join(dir, 'RUNS.csv'), ['run', 'markets']).map((row) => ({
      path: join(dir, 'events', `${row.run}.ndjson.gz`),
      spot: join(dir, 'spot', `${row.run}.csv.gz`),
      tickers: row.markets.split(';'),
    }));
    const table = readCsv(join(dir, 'MARKETS.csv'), ['market_ticker', 'close_time', 'strike', 'result']);
    const all = table
      .filter((row) => runs.some((run) => run.tickers.includes(row.market_ticker)))
      .map((row) => readMarket(row.market_ticker, row.close_time, row.strike, row.result));
    const markets = ticker === null ? all : [all[marketIndex(all, ticker, dir)]!];
    const recorded = runs.filter((run) => ticker === null || run.tickers.includes(ticker));
    const spots = recorded.filter(({ spot }) => existsSync(spot));
    const undecided = markets.filter((market) => market.result === null).length;
    const gaps = { count: 0 };
    const names = lookupOf(markets);
    const foreign =
      ticker === null ? new Set<string>() : new Set(all.map((market) => market.ticker as string));
    return {
      source: 'kalshi-btc15m-ws',
      labels: {
        trades: false,
        depth: 'full',
        receiveClock: 'local',
        exchangeClock: true,
        ticker: true,
        spot: spots.length > 0,
      },
      receiveUnit: 'us',
      markets,
      instruments: spots.length > 0 ? [{ symbol: 'BTC-USD', source: 'coinbase' }] : [],
      files: [
        ...recorded.map(({ path }) => ({ path, open: () => lineReader(names, foreign, gaps) })),
        ...spots.map(({ spot }) => ({ path: spot, open: () => spotReader(markets.length) })),
      ],
      warnings: [
        'Open time and price grid are not in the recording: open is 15 minutes before close, the grid is 0.0010 below 0.10 and above 0.90, else 0.0100.',
        'No trade channel was recorded; the last trade of each ticker frame is all there is.',
        ...(spots.length === recorded.length
          ? []
          : [`${recorded.length - spots.length} of ${recorded.length} runs have no spot prices.`]),
        ...(undecided === 0 ? [] : [`${undecided} markets have no known result.`]),
      ],
      findings: () =>
        gaps.count === 0 ? [] : [`The book channel's sequence numbers skip ${gaps.count} times.`],
    };
  },
};

function lineReader(
  markets: MarketLookup,
  foreign: ReadonlySet<string>,
  gaps: { count: number },
): LineReader {
  let lastBookSeq = -1;
  const isForeign = (msg: Record<string, unknown>): boolean => {
    const name = msg.market_ticker;
    return typeof name === 'string' && foreign.has(name) && !markets.has(name);
  };
  return {
    read(line) {
      const record = parseLine(line);
      const recvMs = integer(record.recv_us, 'recv_us') / 1000;
      if (record.control !== undefined) {
        oneOf(['connected'], record.control, 'control');
        lastBookSeq = -1;
        return isForeign(record) ? [] : [connectedRow(recvMs, marketOf(record, markets, 'line').index)];
      }
      const event = object(record.event, 'event');
      // An acknowledgement carries no market data, and its receive time may be out of order.
      if (event.type === 'subscribed') return [];
      const skip = isForeign(object(event.msg, 'event.msg'));
      switch (event.type) {
        case 'ticker':
          return skip ? [] : tickerRows(event, recvMs, markets, 'event');
        case 'orderbook_delta':
        case 'orderbook_snapshot': {
          const seq = integer(event.seq, 'event.seq');
          if (lastBookSeq >= 0 && seq !== lastBookSeq + 1) gaps.count++;
          lastBookSeq = seq;
          return skip ? [] : bookRows(event, recvMs, markets, 'event');
        }
        default:
          throw new WireError(
            'event.type',
            'orderbook_snapshot, orderbook_delta, ticker or subscribed',
            event.type,
          );
      }
    },
  };
}

/** Matches on Coinbase; sizes were not recorded. */
function spotReader(instrument: number): LineReader {
  return {
    read(line) {
      if (line.startsWith('recv_us,')) return [];
      const [recvUs, exchangeUs, symbol, price] = line.split(',');
      const us = (value: string | undefined, path: string): number => integer(Number(value), path) / 1000;
      oneOf(['BTC-USD'], symbol, 'symbol');
      const exchangeMs = Math.floor(us(exchangeUs, 'exchange_us'));
      const micros = microDollars(price, 'price');
      return [spotRow(us(recvUs, 'recv_us'), exchangeMs, instrument, micros, 'price')];
    },
  };
}

function readMarket(ticker: string, closeTime: string, strike: string, resultText: string): Market {
  const closeMs = Timestamp.parseIso(closeTime, `${ticker}.close_time`);
  const result = resultText === '' ? null : oneOf(['yes', 'no'], resultText, `${ticker}.result`);
  const eventTicker = ticker.slice(0, ticker.lastIndexOf('-'));
  return {
    ticker: Ticker.of(text(ticker, 'market_ticker')),
    eventTicker,
    seriesTicker: eventTicker.slice(0, eventTicker.indexOf('-')),
    category: 'crypto',
    title: `Bitcoin price up in 15 minutes? (${ticker})`,
    status: result === null ? 'closed' : 'finalized',
    openMs: Timestamp.of(closeMs - 15 * 60_000),
    closeMs,
    grid: TAPERED_GRID,
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: 'greater_or_equal',
    floorStrike: strike === '' ? null : strike,
    result,
    settlementPrice: result === null ? null : result === 'yes' ? Price.ONE : Price.of(0),
    settledMs: null,
  };
}

/** Of the fifteen-minute crypto markets. */
export const TAPERED_GRID = PriceGrid.of([
  { start: Price.of(0), end: Price.of(1_000), step: 10 },
  { start: Price.of(1_000), end: Price.of(9_000), step: 100 },
  { start: Price.of(9_000), end: Price.of(10_000), step: 10 },
]);

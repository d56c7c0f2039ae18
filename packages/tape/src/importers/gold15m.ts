import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FeeSchedule,
  MARKET_RESULTS,
  MARKET_STATUSES,
  type Market,
  MmError,
  Price,
  Ticker,
  Timestamp,
  WireError,
} from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import { decodeGrid } from '../market-codec.ts';
import { marketIndex } from '../market-index.ts';
import type { TapeRow } from '../row.ts';
import type { DatasetFormat, LineReader } from './dataset.ts';
import {
  bookRows,
  connectedRow,
  integer,
  lookupOf,
  type MarketLookup,
  parseLine,
  tradeRow,
} from './frame-rows.ts';
import { csvColumns, readCsv } from './read-csv.ts';

/** Gold 15-minute markets: book and trades with a millisecond receive clock, one file per market and day. */
export const gold15m: DatasetFormat = {
  name: 'kalshi-gold15m-ws',
  contents: 'MARKETS.csv with a "window" column, metadata/<event>.json, events/<ticker>/<date>.ndjson.gz',
  recognise: (dir) =>
    csvColumns(join(dir, 'MARKETS.csv')).includes('window') &&
    existsSync(join(dir, 'metadata')) &&
    existsSync(join(dir, 'events')),
  async open(dir, ticker) {
    const table = readCsv(join(dir, 'MARKETS.csv'), ['window', 'event_ticker', 'floor_strike']);
    const recorded = readdirSync(join(dir, 'events'));
    const all = table
      .filter((row) => recorded.includes(row.window))
      .map((row) => readMarket(dir, row.window, row.event_ticker, row.floor_strike));
    const unlisted = recorded.filter((name) => !all.some((market) => market.ticker === name));
    if (unlisted.length > 0) {
      throw new MmError(
        'table-malformed',
        `${join(dir, 'MARKETS.csv')} does not list ${unlisted.join(', ')}`,
        {
          todo: 'Add the missing rows, or remove these folders from events/.',
        },
      );
    }
    const markets = ticker === null ? all : [all[marketIndex(all, ticker, dir)]!];
    const lookup = lookupOf(markets);
    return {
      source: 'kalshi-gold15m-ws',
      labels: { trades: true, depth: 'full', receiveClock: 'local', exchangeClock: true, ticker: false },
      receiveUnit: 'ms',
      markets,
      files: markets.flatMap((market) => {
        const folder = join(dir, 'events', market.ticker);
        return readdirSync(folder)
          .sort()
          .map((name) => ({ path: join(folder, name), open: () => lineReader(lookup) }));
      }),
      warnings: [],
      findings: () => [],
    };
  },
};

/** The recorder wrote no connection marks: a snapshot whose number is not above the last one tells of a restart. */
function lineReader(markets: MarketLookup): LineReader {
  let lastBookSeq = -1;
  return {
    read(line) {
      const record = parseLine(line);
      const recvMs = integer(record.recv_ms, 'recv_ms');
      const event = object(record.event, 'event');
      switch (event.type) {
        case 'trade':
          return [tradeRow(event, recvMs, markets, 'event')];
        case 'orderbook_delta':
        case 'orderbook_snapshot': {
          const rows: TapeRow[] = bookRows(event, recvMs, markets, 'event');
          const restarted = event.type === 'orderbook_snapshot' && rows[0]!.seq <= lastBookSeq;
          lastBookSeq = rows[0]!.seq;
          return restarted ? [connectedRow(recvMs, rows[0]!.market), ...rows] : rows;
        }
        default:
          throw new WireError('event.type', 'orderbook_snapshot, orderbook_delta or trade', event.type);
      }
    },
  };
}

function readMarket(dir: string, ticker: string, eventTicker: string, floorStrike: string): Market {
  const path = join(dir, 'metadata', `${eventTicker}.json`);
  try {
    const response = object(object(JSON.parse(readFileSync(path, 'utf8')), 'file').response, 'response');
    const event = object(response.event, 'response.event');
    if (!Array.isArray(response.markets)) throw new WireError('response.markets', 'a list', response.markets);
    const found = response.markets.find((entry) => object(entry, 'response.markets[]').ticker === ticker);
    const market = object(found, `response.markets[${ticker}]`);
    return {
      ticker: Ticker.of(ticker),
      eventTicker: text(event.event_ticker, 'event.event_ticker'),
      seriesTicker: text(event.series_ticker, 'event.series_ticker'),
      category: text(event.category, 'event.category').toLowerCase(),
      title: text(market.title, 'title'),
      status: oneOf(MARKET_STATUSES, market.status, 'status'),
      openMs: Timestamp.parseIso(market.open_time, 'open_time'),
      closeMs: Timestamp.parseIso(market.close_time, 'close_time'),
      grid: decodeGrid(market.price_ranges, 'price_ranges'),
      fees: FeeSchedule.QUADRATIC,
      exchangeIndex: integer(market.exchange_index, 'exchange_index'),
      strikeType: text(market.strike_type, 'strike_type'),
      // From the table: the metadata carries it as a binary float.
      floorStrike: text(floorStrike, 'floor_strike'),
      result: oneOf(MARKET_RESULTS, market.result, 'result'),
      settlementPrice: Price.parse(market.settlement_value_dollars, 'settlement_value_dollars'),
      settledMs: Timestamp.parseIso(market.settlement_ts, 'settlement_ts'),
    };
  } catch (cause) {
    throw new MmError(
      'metadata-malformed',
      `${path} does not describe ${ticker}: ${(cause as Error).message}`,
      {
        todo: 'Fetch the recording again.',
        cause,
      },
    );
  }
}

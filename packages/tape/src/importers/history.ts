import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  Count,
  type FeeSchedule,
  MARKET_RESULTS,
  MARKET_STATUSES,
  type Market,
  Price,
  parseDecimal,
  Timestamp,
  WireError,
} from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import { decodeGrid } from '../market-codec.ts';
import { readCandles } from './candles-json.ts';
import type { DatasetFormat } from './dataset.ts';
import { integer } from './frame-rows.ts';
import { CANDLE_TIMES, CANDLES } from './mlb-candles.ts';
import { int32, printedTrade } from './poll-rows.ts';
import { eachJsonLine, readJson } from './read-table.ts';
import { createTable, type Table } from './table.ts';

/** What `recorder download` wrote: market records, trades and candles as the exchange's REST side printed them. */
export const history: DatasetFormat = {
  name: 'a download of the recorder',
  contents: 'history.json, markets.jsonl, series.jsonl, trades/<ticker>.jsonl, candles/<ticker>.jsonl',
  parts: ['trades', 'candles'],
  recognise: (dir) => existsSync(join(dir, 'history.json')) && existsSync(join(dir, 'markets.jsonl')),
  async open(dir, ticker, part) {
    const state = readJson(join(dir, 'history.json'));
    const files = object(state.files, 'files');
    const pass = state.pass == null ? null : object(state.pass, 'pass');
    const table = createTable();
    let incomplete = 0;
    for (const market of readMarkets(dir)) {
      const name = `${part}/${market.ticker}.jsonl`;
      const path = join(dir, name);
      if (!existsSync(path)) {
        incomplete++;
        continue;
      }
      const step = object(files[name], `files.${name}`);
      if (step.next !== null || (pass !== null && step.upToTs !== pass.toTs)) incomplete++;
      const index = table.market(market.ticker, market);
      if (part === 'candles') {
        const last = lastLines(path);
        let number = 0;
        eachJsonLine(path, (line) => {
          if (last.get(line.end_period_ts) === number++) readCandles([line], index, table, 'candle');
        });
      } else {
        const seen = new Set<string>();
        eachJsonLine(path, (line) => readTrade(line, index, table, seen));
      }
    }
    return table.finish({
      source: `public history ${part}`,
      labels:
        part === 'candles'
          ? CANDLES
          : {
              trades: true,
              depth: 'none',
              receiveClock: 'exchange',
              exchangeClock: true,
              ticker: false,
            },
      path: join(dir, 'markets.jsonl'),
      ticker,
      warnings: [
        part === 'candles'
          ? CANDLE_TIMES
          : 'Trades only: what rested in the book is not known. The exchange time stands in for the receive time.',
        ...(incomplete === 0
          ? []
          : [`The download is not complete: ${incomplete} markets are missing, or missing a part.`]),
      ],
    });
  },
};

/** Where each candle stands for the last time: what was told again counts. */
function lastLines(path: string): Map<unknown, number> {
  const last = new Map<unknown, number>();
  let number = 0;
  eachJsonLine(path, (line) => void last.set(line.end_period_ts, number++));
  return last;
}

/** The last record of each. */
function readMarkets(dir: string): Market[] {
  const series = new Map<string, Record<string, unknown>>();
  eachJsonLine(join(dir, 'series.jsonl'), (line) => void series.set(text(line.ticker, 'ticker'), line));
  const markets = new Map<string, Market>();
  eachJsonLine(join(dir, 'markets.jsonl'), (line) => {
    const name = text(line.series_ticker, 'series_ticker');
    const of = series.get(name);
    if (of === undefined) throw new WireError('series_ticker', 'a series of series.jsonl', name);
    const market = toMarket(object(line.market, 'market'), name, of);
    markets.set(market.ticker, market);
  });
  return [...markets.values()];
}

function toMarket(
  from: Record<string, unknown>,
  seriesTicker: string,
  series: Record<string, unknown>,
): Market {
  const path = (key: string): string => `market.${key}`;
  const orNull = <T>(key: string, read: (value: unknown, path: string) => T): T | null =>
    from[key] === undefined || from[key] === null || from[key] === '' ? null : read(from[key], path(key));
  const fees: FeeSchedule = {
    type: text(series.fee_type, 'series.fee_type'),
    multiplierMicros: parseDecimal(String(series.fee_multiplier), 6, 'series.fee_multiplier'),
  };
  const settlementPrice = orNull('settlement_value_dollars', Price.parse);
  return {
    ticker: text(from.ticker, path('ticker')) as Market['ticker'],
    eventTicker: text(from.event_ticker, path('event_ticker')),
    seriesTicker,
    category: typeof series.category === 'string' ? series.category.toLowerCase() : 'unknown',
    title: orNull('title', text) ?? text(from.ticker, path('ticker')),
    status: oneOf(MARKET_STATUSES, from.status, path('status')),
    openMs: Timestamp.parseIso(from.open_time, path('open_time')),
    closeMs: Timestamp.parseIso(from.close_time, path('close_time')),
    grid: decodeGrid(from.price_ranges, path('price_ranges')),
    fees,
    exchangeIndex: orNull('exchange_index', integer) ?? -1,
    strikeType: orNull('strike_type', text),
    floorStrike:
      from.floor_strike === undefined || from.floor_strike === null ? null : String(from.floor_strike),
    result: orNull('result', (value, at) => oneOf(MARKET_RESULTS, value, at)),
    settlementPrice,
    settledMs: orNull('settlement_ts', Timestamp.parseIso),
  };
}

/** The same trade may be there twice: it counts once. */
function readTrade(line: Record<string, unknown>, market: number, table: Table, seen: Set<string>): void {
  const id = text(line.trade_id, 'trade_id');
  if (seen.has(id)) return;
  seen.add(id);
  if (line.is_block_trade === true) {
    table.count('block trades are left out.');
    return;
  }
  const exchangeMs = Timestamp.parseIso(line.created_time, 'created_time');
  const taker = oneOf(['bid', 'ask'], line.taker_book_side, 'taker_book_side') === 'bid' ? 0 : 1;
  const count = int32(Count.parse(line.count_fp, 'count_fp'), 'count_fp');
  const price = Price.parse(line.yes_price_dollars, 'yes_price_dollars');
  table.add([printedTrade({ recvMs: exchangeMs, exchangeMs, market }, price, count, taker)]);
}

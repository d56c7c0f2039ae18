import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MARKET_RESULTS, type Market, parseDecimal, Timestamp, WireError } from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import type { DatasetFormat } from './dataset.ts';
import { bookRowsOf, floatCount, floatPrice, microDollars, quoteRows, timeOf } from './poll-rows.ts';
import { eachJsonLine } from './read-table.ts';
import {
  ASSUMED_TERMS,
  ASSUMED_TIMES,
  createTable,
  NO_SIZES,
  POLLED,
  resultFacts,
  type Table,
  UNKNOWN_BETWEEN,
} from './table.ts';

type Json = Record<string, unknown>;

const PARTS: Readonly<
  Record<string, { readonly full: boolean; readonly read: (line: Json, table: Table) => void }>
> = {
  orderbook_depth: { full: true, read: readBook },
  weather_books: { full: true, read: readBook },
  econ_prints: { full: false, read: readPrints },
  crypto_hourly: { full: false, read: readHourly },
  sports_pairs: { full: false, read: readPairs },
};

/** Books and best prices of many markets, polled: full depth in two parts, best bid and ask in the others. */
export const polledBooks: DatasetFormat = {
  name: 'kalshi-polled-books-2026-07',
  contents: 'orderbook_depth.<day>.jsonl.gz, crypto_hourly.<day>.jsonl.gz and others',
  parts: Object.keys(PARTS),
  recognise: (dir) => readdirSync(dir).some((name) => /^orderbook_depth\..*\.jsonl\.gz$/.test(name)),
  async open(dir, ticker, part) {
    const { full, read } = PARTS[part]!;
    const files = (kind: string): string[] =>
      readdirSync(dir)
        .filter((name) => name.startsWith(`${kind}.`))
        .sort()
        .map((name) => join(dir, name));
    const table = createTable();
    for (const path of files('settlement_ledger')) {
      eachJsonLine(path, (line) => {
        const result = oneOf(MARKET_RESULTS, line.result, 'result');
        table.facts(text(line.ticker, 'ticker'), resultFacts(result));
      });
    }
    const fees = new Map<string, Market['fees']>();
    for (const path of files(`${part}_meta`)) {
      eachJsonLine(path, (line) => {
        fees.set(text(line.series, 'series'), {
          type: text(line.fee_type, 'fee_type'),
          multiplierMicros: parseDecimal(String(line.fee_multiplier), 6, 'fee_multiplier'),
        });
      });
    }
    for (const path of files(part)) {
      eachJsonLine(path, (line) => {
        read(line, table);
        const known = typeof line.series === 'string' ? fees.get(line.series) : undefined;
        if (known !== undefined) table.facts(text(line.ticker, 'ticker'), { fees: known });
      });
    }
    return table.finish({
      source: `kalshi-polled-books-2026-07 ${part}`,
      labels: full ? { ...POLLED, depth: 'full', sizes: true, ticker: false } : POLLED,
      path: files(part)[0]!,
      ticker,
      warnings: [UNKNOWN_BETWEEN, ...(full ? [] : [NO_SIZES]), ASSUMED_TERMS, ASSUMED_TIMES],
    });
  },
};

/** One market with every level, prices and sizes as binary floats. */
function readBook(line: Json, table: Table): void {
  const levels = (key: string): (readonly [number, number])[] => {
    const list = line[key] ?? [];
    if (!Array.isArray(list)) throw new WireError(key, 'a list of levels', list);
    return list.map((level: unknown, i) => {
      if (!Array.isArray(level)) throw new WireError(`${key}[${i}]`, 'a price and a size', level);
      return [floatPrice(level[0], `${key}[${i}][0]`), floatCount(level[1], `${key}[${i}][1]`)];
    });
  };
  const market = table.market(text(line.ticker, 'ticker'), factsOf(line));
  const at = { recvMs: timeOf(line.captured_at, 'captured_at'), exchangeMs: Number.NaN, market };
  table.add(bookRowsOf(at, levels('yes_bids'), levels('no_bids')));
}

function readPrints(line: Json, table: Table): void {
  const recvMs = timeOf(line.captured_at, 'captured_at');
  const { events } = object(line.open_events, 'open_events');
  if (!Array.isArray(events)) throw new WireError('open_events.events', 'a list', events);
  for (const event of events) {
    const { strikes, close_time } = object(event, 'event');
    quotes(strikes, 'strikes', recvMs, { close_time }, table);
  }
  results(line.recent_settlement, table);
}

function readHourly(line: Json, table: Table): void {
  const recvMs = timeOf(line.captured_at, 'captured_at');
  const current = object(line.current, 'current');
  if (current.outcomes === undefined) table.count('passes found no open ladder.');
  else quotes(current.outcomes, 'current.outcomes', recvMs, current, table);
  results(line.previous_settlement, table);
  const spot = line.spot === undefined || line.spot === null ? null : object(line.spot, 'spot');
  if (spot === null || spot.price === undefined || spot.price === null) return;
  table.spot(
    { symbol: text(spot.product, 'spot.product'), source: text(spot.source, 'spot.source') },
    recvMs,
    spot.exchange_time === undefined ? Number.NaN : timeOf(spot.exchange_time, 'spot.exchange_time'),
    microDollars(spot.price, 'spot.price'),
  );
}

function readPairs(line: Json, table: Table): void {
  quotes(line.outcomes, 'outcomes', timeOf(line.captured_at, 'captured_at'), {}, table);
}

function quotes(list: unknown, path: string, recvMs: number, times: Json, table: Table): void {
  if (!Array.isArray(list)) throw new WireError(path, 'a list', list);
  list.forEach((entry: unknown, i) => {
    const outcome = object(entry, `${path}[${i}]`);
    const market = table.market(text(outcome.ticker, `${path}[${i}].ticker`), {
      ...factsOf(times),
      ...factsOf(outcome),
    });
    const price = (key: string): number | null =>
      outcome[key] === null || outcome[key] === undefined
        ? null
        : floatPrice(outcome[key], `${path}[${i}].${key}`);
    const at = { recvMs, exchangeMs: Number.NaN, market };
    table.add(quoteRows(at, price('yes_bid'), price('yes_ask')));
  });
}

function results(settlement: unknown, table: Table): void {
  if (typeof settlement !== 'object' || settlement === null) return;
  for (const [ticker, result] of Object.entries((settlement as Json).results ?? {})) {
    if (MARKET_RESULTS.includes(result)) table.facts(ticker, resultFacts(result));
  }
}

/** What some of the records tell of their market. */
function factsOf(from: Json): Partial<Market> {
  const has = (key: string): boolean => from[key] !== undefined && from[key] !== null;
  return {
    ...(typeof from.title === 'string' && from.title !== '' ? { title: from.title } : {}),
    ...(has('open_time') ? { openMs: Timestamp.parseIso(from.open_time, 'open_time') } : {}),
    ...(has('close_time') ? { closeMs: Timestamp.parseIso(from.close_time, 'close_time') } : {}),
    ...(has('strike_type') ? { strikeType: text(from.strike_type, 'strike_type') } : {}),
    ...(has('floor_strike') ? { floorStrike: String(from.floor_strike) } : {}),
  };
}

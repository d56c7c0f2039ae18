import { Count, type Market, Price, PriceGrid, WireError } from '@kalshi-mm/core';
import { object } from '../json-fields.ts';
import { RowKind, Spot, type TapeRow } from '../row.ts';

/** Finds a market of the tape by the name in a frame. */
export type MarketLookup = ReadonlyMap<string, { readonly index: number; readonly market: Market }>;

export const lookupOf = (markets: readonly Market[]): MarketLookup =>
  new Map(markets.map((market, index) => [market.ticker as string, { index, market }]));

/**
 * Book frames: `orderbook_snapshot` and `orderbook_delta`.
 *
 * @param path where the frame stands in its line
 * @param yesPrices NO levels come in YES prices, as asked for with `use_yes_price`
 */
export function bookRows(
  frame: Record<string, unknown>,
  recvMs: number,
  markets: MarketLookup,
  path: string,
  yesPrices = false,
): TapeRow[] {
  const msg = object(frame.msg, `${path}.msg`);
  const seq = integer(frame.seq, `${path}.seq`);
  const { index, market } = marketOf(msg, markets, `${path}.msg`);
  if (frame.type === 'orderbook_delta') {
    const side = outcome(msg.side, `${path}.msg.side`);
    return [
      {
        recvMs,
        exchangeMs: integer(msg.ts_ms, `${path}.msg.ts_ms`),
        seq,
        kind: RowKind.delta,
        market: index,
        side,
        flags: 0,
        price: bookPrice(
          msg.price_dollars,
          side === 0 || yesPrices,
          market.grid,
          `${path}.msg.price_dollars`,
        ),
        count: int32(Count.parseSigned(msg.delta_fp, `${path}.msg.delta_fp`), `${path}.msg.delta_fp`),
      },
    ];
  }
  const unknown = { recvMs, exchangeMs: Number.NaN, seq, market: index, flags: 0 };
  const rows: TapeRow[] = [{ ...unknown, kind: RowKind.clear, side: 0, price: 0, count: 0 }];
  for (const [side, key] of [
    [0, 'yes_dollars_fp'],
    [1, 'no_dollars_fp'],
  ] as const) {
    // An empty side is absent from the frame.
    const levels = msg[key] ?? [];
    if (!Array.isArray(levels)) throw new WireError(`${path}.msg.${key}`, 'a list of levels', levels);
    levels.forEach((level: unknown, i) => {
      const at = `${path}.msg.${key}[${i}]`;
      if (!Array.isArray(level) || level.length !== 2) throw new WireError(at, 'a price and a size', level);
      const price = bookPrice(level[0], side === 0 || yesPrices, market.grid, `${at}[0]`);
      rows.push({
        ...unknown,
        kind: RowKind.level,
        side,
        price,
        count: int32(Count.parse(level[1], at), at),
      });
    });
  }
  return rows;
}

/** `trade` frames. */
export function tradeRow(
  frame: Record<string, unknown>,
  recvMs: number,
  markets: MarketLookup,
  path: string,
): TapeRow {
  const msg = object(frame.msg, `${path}.msg`);
  const at = (key: string): string => `${path}.msg.${key}`;
  const { index, market } = marketOf(msg, markets, `${path}.msg`);
  const price = Price.parse(msg.yes_price_dollars, at('yes_price_dollars'));
  const opposite = Price.parse(msg.no_price_dollars, at('no_price_dollars'));
  if (price + opposite !== Price.ONE) {
    throw new WireError(at('no_price_dollars'), 'the complement of yes_price_dollars', msg.no_price_dollars);
  }
  if (!PriceGrid.isOnGrid(market.grid, price)) {
    throw new WireError(at('yes_price_dollars'), 'a price on the grid', msg.yes_price_dollars);
  }
  const side = outcome(msg.taker_side, at('taker_side'));
  const bookSide = side === 0 ? 'bid' : 'ask';
  if (msg.taker_book_side !== bookSide) {
    throw new WireError(at('taker_book_side'), `${bookSide}, as taker_side says`, msg.taker_book_side);
  }
  const count = int32(Count.parse(msg.count_fp, at('count_fp')), at('count_fp'));
  if (count === 0) throw new WireError(at('count_fp'), 'a positive count', msg.count_fp);
  return {
    recvMs,
    exchangeMs: integer(msg.ts_ms, at('ts_ms')),
    seq: integer(frame.seq, `${path}.seq`),
    kind: RowKind.trade,
    market: index,
    side,
    flags: 0,
    price,
    count,
  };
}

/** `ticker` frames, as five rows: bid, ask, last trade, volume, open interest. */
export function tickerRows(
  frame: Record<string, unknown>,
  recvMs: number,
  markets: MarketLookup,
  path: string,
): TapeRow[] {
  const msg = object(frame.msg, `${path}.msg`);
  const at = (key: string): string => `${path}.msg.${key}`;
  const price = (key: string): number => Price.parse(msg[key], at(key));
  const count = (key: string): number => int32(Count.parse(msg[key], at(key)), at(key));
  const { index } = marketOf(msg, markets, `${path}.msg`);
  const exchangeMs = integer(msg.ts_ms, at('ts_ms'));
  const row = (kind: TapeRow['kind'], side: 0 | 1, priceUnits: number, countUnits: number): TapeRow => ({
    recvMs,
    exchangeMs,
    seq: Number.NaN,
    kind,
    market: index,
    side,
    flags: 0,
    price: priceUnits,
    count: countUnits,
  });
  return [
    row(RowKind.tickerBid, 0, price('yes_bid_dollars'), count('yes_bid_size_fp')),
    row(RowKind.tickerAsk, 1, price('yes_ask_dollars'), count('yes_ask_size_fp')),
    row(RowKind.tickerLast, 0, price('price_dollars'), count('last_trade_size_fp')),
    row(RowKind.tickerVolume, 0, 0, count('volume_fp')),
    row(RowKind.tickerInterest, 0, 0, count('open_interest_fp')),
  ];
}

/** @param instrument its index, counted on from the markets @param micros price in units of 1e-6 dollar */
export const spotRow = (
  recvMs: number,
  exchangeMs: number,
  instrument: number,
  micros: number,
  path: string,
): TapeRow => ({
  recvMs,
  exchangeMs,
  seq: Number.NaN,
  kind: RowKind.spot,
  market: instrument,
  side: 0,
  flags: 0,
  ...Spot.split(micros, path),
});

export const connectedRow = (recvMs: number, market: number): TapeRow => ({
  recvMs,
  exchangeMs: Number.NaN,
  seq: Number.NaN,
  kind: RowKind.connected,
  market,
  side: 0,
  flags: 0,
  price: 0,
  count: 0,
});

/** @throws WireError when the line is no JSON object */
export function parseLine(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new WireError('line', 'a JSON object', line);
  }
  return object(value, 'line');
}

export function integer(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new WireError(path, 'an integer', value);
  return value as number;
}

export function marketOf(
  msg: Record<string, unknown>,
  markets: MarketLookup,
  path: string,
): { readonly index: number; readonly market: Market } {
  const ticker = msg.market_ticker;
  const found = typeof ticker === 'string' ? markets.get(ticker) : undefined;
  if (found === undefined) throw new WireError(`${path}.market_ticker`, 'a market of the recording', ticker);
  return found;
}

/** YES side is the bid; NO prices are mirrored onto YES asks. */
function outcome(value: unknown, path: string): 0 | 1 {
  if (value !== 'yes' && value !== 'no') throw new WireError(path, 'yes or no', value);
  return value === 'yes' ? 0 : 1;
}

function bookPrice(value: unknown, isYesPrice: boolean, grid: PriceGrid, path: string): number {
  const quoted = Price.parse(value, path);
  const price = isYesPrice ? quoted : Price.complement(quoted);
  if (!PriceGrid.isOnGrid(grid, price)) throw new WireError(path, "a price on the market's grid", value);
  return price;
}

function int32(units: number, path: string): number {
  if ((units | 0) !== units) throw new WireError(path, 'a count below 21 million contracts', units);
  return units;
}

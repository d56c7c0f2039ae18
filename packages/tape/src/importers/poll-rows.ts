import { Count, Price, parseDecimal, Timestamp, WireError } from '@kalshi-mm/core';
import { CandlePart, RowFlag, RowKind, type TapeRow } from '../row.ts';

/** A price as a source with binary floats prints it, `0.58` → 5800. @throws WireError when it is off 0.0001 dollar */
export function floatPrice(value: unknown, path: string): number {
  const dollars = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof dollars !== 'number') throw new WireError(path, 'a price in dollars', value);
  const units = Math.round(dollars * 10_000);
  if (!(Math.abs(dollars * 10_000 - units) < 1e-3)) throw new WireError(path, 'a multiple of 0.0001', value);
  return Price.of(units, path);
}

/** A number of contracts, to 0.01. @throws WireError */
export function floatCount(value: unknown, path: string): number {
  const contracts = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof contracts !== 'number') throw new WireError(path, 'a number of contracts', value);
  const units = Math.round(contracts * 100);
  if (!(Math.abs(contracts * 100 - units) < 1e-2)) throw new WireError(path, 'a multiple of 0.01', value);
  return int32(Count.of(units, path), path);
}

/** Dollars in units of 1e-6; finer digits are cut. @throws WireError */
export function microDollars(value: unknown, path: string): number {
  const text = typeof value === 'number' ? value.toFixed(7) : value;
  if (typeof text !== 'string') throw new WireError(path, 'dollars', value);
  return parseDecimal(/^\d+(\.\d{1,6})?/.exec(text)?.[0] ?? text, 6, path);
}

/** A time with a zone, in milliseconds. */
export const timeOf = (value: unknown, path: string): number => Timestamp.parseIso(value, path);

export function int32(units: number, path: string): number {
  if ((units | 0) !== units) throw new WireError(path, 'a count below 21 million contracts', units);
  return units;
}

interface At {
  readonly recvMs: number;
  /** NaN when the source does not tell. */
  readonly exchangeMs: number;
  readonly market: number;
}

const row = (at: At, kind: TapeRow['kind'], rest: Partial<TapeRow>): TapeRow => ({
  ...at,
  seq: Number.NaN,
  kind,
  side: 0,
  flags: 0,
  price: 0,
  count: 0,
  ...rest,
});

/**
 * Best bid and ask as a poll saw them. A price of 0 or 1 dollar means that there is no quote on that side.
 *
 * @param sizes in units of 0.01 contract; null when the source does not tell them
 */
export function quoteRows(
  at: At,
  bid: number | null,
  ask: number | null,
  sizes: { readonly bid: number; readonly ask: number } | null = null,
): TapeRow[] {
  const isQuote = (price: number | null): boolean => price !== null && price > 0 && price < Price.ONE;
  const side = (kind: TapeRow['kind'], bit: 0 | 1, price: number | null, size: number | undefined) =>
    row(at, kind, {
      side: bit,
      price: isQuote(price) ? price! : bit === 0 ? 0 : Price.ONE,
      count: isQuote(price) ? (size ?? 0) : 0,
      flags: size === undefined && isQuote(price) ? RowFlag.noSize : 0,
    });
  return [side(RowKind.tickerBid, 0, bid, sizes?.bid), side(RowKind.tickerAsk, 1, ask, sizes?.ask)];
}

/** Price of the last trade, without its size. */
export const lastRow = (at: At, price: number): TapeRow =>
  row(at, RowKind.tickerLast, { price, flags: RowFlag.noSize });

export const volumeRow = (at: At, count: number): TapeRow => row(at, RowKind.tickerVolume, { count });

export const interestRow = (at: At, count: number): TapeRow => row(at, RowKind.tickerInterest, { count });

/** A whole book: `[price, count]` of YES bids and of NO bids, both in the price of their own side. */
export function bookRowsOf(
  at: At,
  yes: readonly (readonly [number, number])[],
  no: readonly (readonly [number, number])[],
): TapeRow[] {
  return [
    row(at, RowKind.clear, {}),
    ...yes.map(([price, count]) => row(at, RowKind.level, { side: 0, price, count })),
    ...no.map(([price, count]) => row(at, RowKind.level, { side: 1, price: Price.ONE - price, count })),
  ];
}

/** @param takerSide 0: the taker bought YES */
export const printedTrade = (at: At, price: number, count: number, takerSide: 0 | 1): TapeRow =>
  row(at, RowKind.trade, { side: takerSide, price, count });

/** Any part may be absent; `Infinity` is not a price. */
export type CandlePrices = Partial<Record<keyof typeof CandlePart, number>>;

/** A candle: what was known at the end of its period. */
export function candleRows(
  at: At,
  candle: {
    readonly trade: CandlePrices;
    readonly bid: CandlePrices;
    readonly ask: CandlePrices;
    readonly volume: number;
    readonly openInterest?: number;
  },
): TapeRow[] {
  const prices = (kind: TapeRow['kind'], side: 0 | 1, parts: CandlePrices): TapeRow[] =>
    Object.entries(parts).map(([part, price]) =>
      row(at, kind, { side, price, flags: CandlePart[part as keyof typeof CandlePart] }),
    );
  return [
    ...prices(RowKind.candleTrade, 0, candle.trade),
    ...prices(RowKind.candleBid, 0, candle.bid),
    ...prices(RowKind.candleAsk, 1, candle.ask),
    row(at, RowKind.candleVolume, { count: candle.volume }),
    ...(candle.openInterest === undefined
      ? []
      : [row(at, RowKind.candleInterest, { count: candle.openInterest })]),
  ];
}

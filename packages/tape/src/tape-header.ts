import type { Market } from '@kalshi-mm/core';
import { WireError } from '@kalshi-mm/core';
import type { ReceiveUnit } from './block-columns.ts';
import { object, oneOf, text } from './json-fields.ts';
import { decodeMarket, encodeMarket } from './market-codec.ts';

/** What a recording can tell; a consumer that needs more must refuse it rather than guess. */
export interface TapeLabels {
  /** Public trades were recorded. */
  readonly trades: boolean;
  /** `full`: every level of the book; `top`: best bid and ask, as ticker rows; `none`: no quotes. */
  readonly depth: 'full' | 'top' | 'none';
  /**
   * `stream`: every change as it came; `polled`: states with unknown changes between them; `candles`: one summary
   * per period.
   */
  readonly cadence: 'stream' | 'polled' | 'candles';
  /** Quotes carry their sizes. */
  readonly sizes: boolean;
  /** `local`: the recorder's own clock; `exchange`: no receive time was recorded, exchange time stands in. */
  readonly receiveClock: 'local' | 'exchange';
  /** Rows carry the exchange's own time. */
  readonly exchangeClock: boolean;
  /** The ticker channel was recorded. */
  readonly ticker: boolean;
  /** Prices of instruments outside the exchange were recorded beside it. */
  readonly spot: boolean;
}

/** Labels as a writer gives them: what is left out describes a WebSocket recording. */
export type LabelsGiven = Omit<TapeLabels, keyof typeof STREAM_LABELS> & Partial<TapeLabels>;

const STREAM_LABELS = { cadence: 'stream', sizes: true, spot: false } as const;

export const completeLabels = (labels: LabelsGiven): TapeLabels => ({ ...STREAM_LABELS, ...labels });

/** Something traded elsewhere whose price was recorded. */
export interface Instrument {
  /** E.g. `BTC-USD`. */
  readonly symbol: string;
  /** Who published the price, e.g. `coinbase`. */
  readonly source: string;
}

/** What is known before the first row. */
export interface TapeIntro {
  /** Name of the recording. */
  readonly source: string;
  readonly labels: TapeLabels;
  readonly receiveUnit: ReceiveUnit;
  readonly markets: readonly Market[];
  readonly instruments: readonly Instrument[];
}

export interface MarketTotals {
  readonly rows: number;
  readonly trades: number;
}

export interface TapeHeader extends TapeIntro {
  /** Version of the format. */
  readonly version: number;
  readonly rows: number;
  /** Receive time of the first and last row; NaN on an empty tape. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Rows and trades of each market, in the order of `markets`, then of `instruments`. */
  readonly totals: readonly MarketTotals[];
  /** What the importer had to assume or leave out. */
  readonly warnings: readonly string[];
}

/** The version that is written; every one from 1 on is read. */
export const TAPE_VERSION = 2;

export function encodeIntro(intro: TapeIntro): string {
  return JSON.stringify({
    source: intro.source,
    labels: intro.labels,
    receiveUnit: intro.receiveUnit,
    markets: intro.markets.map(encodeMarket),
    instruments: intro.instruments,
  });
}

/** @param version of the file: 1 had neither instruments nor the labels of streams and polls @throws WireError naming the field */
export function decodeIntro(json: string, version: number = TAPE_VERSION): TapeIntro {
  const from = object(parse(json, 'header'), 'header');
  const labels = object(from.labels, 'header.labels');
  if (!Array.isArray(from.markets)) throw new WireError('header.markets', 'a list', from.markets);
  return {
    source: text(from.source, 'header.source'),
    labels: {
      trades: flag(labels.trades, 'header.labels.trades'),
      depth: oneOf(['full', 'top', 'none'], labels.depth, 'header.labels.depth'),
      ...(version === 1
        ? STREAM_LABELS
        : {
            cadence: oneOf(['stream', 'polled', 'candles'], labels.cadence, 'header.labels.cadence'),
            sizes: flag(labels.sizes, 'header.labels.sizes'),
            spot: flag(labels.spot, 'header.labels.spot'),
          }),
      receiveClock: oneOf(['local', 'exchange'], labels.receiveClock, 'header.labels.receiveClock'),
      exchangeClock: flag(labels.exchangeClock, 'header.labels.exchangeClock'),
      ticker: flag(labels.ticker, 'header.labels.ticker'),
    },
    receiveUnit: oneOf(['ms', 'us'], from.receiveUnit, 'header.receiveUnit'),
    markets: from.markets.map((market: unknown, i) => decodeMarket(market, `header.markets[${i}]`)),
    instruments: version === 1 ? [] : decodeInstruments(from.instruments, 'header.instruments'),
  };
}

function decodeInstruments(value: unknown, path: string): readonly Instrument[] {
  if (!Array.isArray(value)) throw new WireError(path, 'a list', value);
  return value.map((entry: unknown, i) => {
    const from = object(entry, `${path}[${i}]`);
    return {
      symbol: text(from.symbol, `${path}[${i}].symbol`),
      source: text(from.source, `${path}[${i}].source`),
    };
  });
}

/** Where a block lies in the file. */
export interface BlockEntry {
  readonly offset: number;
  readonly rows: number;
  /** Receive time of its first row, in receive units. */
  readonly firstRecv: number;
}

export interface TapeFooter {
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly totals: readonly MarketTotals[];
  readonly warnings: readonly string[];
  readonly blocks: readonly BlockEntry[];
}

export function encodeFooter(footer: TapeFooter): string {
  return JSON.stringify({
    ...footer,
    totals: footer.totals.map((total) => [total.rows, total.trades]),
    blocks: footer.blocks.map((block) => [block.offset, block.rows, block.firstRecv]),
  });
}

/** @throws WireError naming the field */
export function decodeFooter(json: string): TapeFooter {
  const from = object(parse(json, 'footer'), 'footer');
  const list = (key: string): unknown[] => {
    const value = from[key];
    if (!Array.isArray(value)) throw new WireError(`footer.${key}`, 'a list', value);
    return value;
  };
  const numbers = (value: unknown, path: string): number[] => {
    if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw new WireError(path, 'a list of non-negative integers', value);
    }
    return value;
  };
  const timeOrNaN = (key: string): number => {
    const value = from[key];
    if (value === null) return Number.NaN;
    if (typeof value !== 'number')
      throw new WireError(`footer.${key}`, 'a time in milliseconds or null', value);
    return value;
  };
  const [rows] = numbers([from.rows], 'footer.rows');
  return {
    rows: rows!,
    firstMs: timeOrNaN('firstMs'),
    lastMs: timeOrNaN('lastMs'),
    totals: list('totals').map((total, i) => {
      const [marketRows = 0, trades = 0] = numbers(total, `footer.totals[${i}]`);
      return { rows: marketRows, trades };
    }),
    warnings: list('warnings').map((warning, i) => text(warning, `footer.warnings[${i}]`)),
    blocks: list('blocks').map((block, i) => {
      const [offset = 0, blockRows = 0, firstRecv = 0] = numbers(block, `footer.blocks[${i}]`);
      return { offset, rows: blockRows, firstRecv };
    }),
  };
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new WireError(path, 'JSON', json);
  }
}

function flag(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new WireError(path, 'true or false', value);
  return value;
}

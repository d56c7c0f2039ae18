import { Count, formatDecimal, Price, parseDecimal, WireError } from '@kalshi-mm/core';
import { oneOf } from '../json-fields.ts';
import { RowKind, Spot, type TapeRow } from '../row.ts';
import type { TapeIntro } from '../tape-header.ts';

/** Columns of a tape's rows as text. An empty field is a value that is not known. */
export const CSV_COLUMNS = [
  'recv_us',
  'exchange_ms',
  'seq',
  'kind',
  'name',
  'side',
  'flags',
  'price',
  'count',
] as const;

const KIND_NAMES = Object.keys(RowKind) as (keyof typeof RowKind)[];

/** Market tickers, then instruments as `source:symbol`, in the order of the rows' index. */
export const rowNames = ({ markets, instruments }: Pick<TapeIntro, 'markets' | 'instruments'>): string[] => [
  ...markets.map((market) => market.ticker as string),
  ...instruments.map(({ source, symbol }) => `${source}:${symbol}`),
];

/** One line without its end. @param name the row's market or instrument */
export function encodeCsvRow({ kind, price, count, ...row }: TapeRow, name: string): string {
  const isSpot = kind === RowKind.spot;
  return [
    Math.round(row.recvMs * 1_000),
    Number.isNaN(row.exchangeMs) ? '' : row.exchangeMs,
    Number.isNaN(row.seq) ? '' : row.seq,
    KIND_NAMES[kind]!,
    quoted(name),
    row.side === 0 ? 'bid' : 'ask',
    row.flags,
    isSpot ? formatDecimal(Spot.join(price, count), 6) : formatDecimal(price, 4),
    isSpot ? '' : formatDecimal(count, 2),
  ].join(',');
}

/** @param names index of each name @throws WireError naming the column */
export function decodeCsvRow(fields: readonly string[], names: ReadonlyMap<string, number>): TapeRow {
  if (fields.length !== CSV_COLUMNS.length) {
    throw new WireError('line', `${CSV_COLUMNS.length} fields`, fields.length);
  }
  const [recvUs, exchangeMs, seq, kindName, name, side, flags, price, count] = fields as readonly string[];
  const kind = RowKind[oneOf(KIND_NAMES, kindName, 'kind')];
  const market = names.get(name!);
  if (market === undefined) throw new WireError('name', 'a market or instrument of the header', name);
  const isSpot = kind === RowKind.spot;
  return {
    recvMs: whole(recvUs!, 'recv_us') / 1_000,
    exchangeMs: exchangeMs === '' ? Number.NaN : whole(exchangeMs!, 'exchange_ms'),
    seq: seq === '' ? Number.NaN : whole(seq!, 'seq'),
    kind,
    market,
    side: oneOf(['bid', 'ask'], side, 'side') === 'bid' ? 0 : 1,
    flags: whole(flags!, 'flags'),
    ...(isSpot
      ? Spot.split(parseDecimal(price, 6, 'price'), 'price')
      : { price: Price.parse(price, 'price'), count: Count.parseSigned(count, 'count') }),
  };
}

function whole(value: string, path: string): number {
  const number = Number(value);
  if (value === '' || !Number.isSafeInteger(number)) throw new WireError(path, 'a whole number', value);
  return number;
}

const quoted = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

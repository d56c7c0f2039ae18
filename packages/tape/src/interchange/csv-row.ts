import { Count, formatDecimal, Price, parseDecimal, WireError } from '@kalshi-mm/core';
import { oneOf } from '../json-fields.ts';
import { RowKind, Spot, type TapeBlock, type TapeRow } from '../row.ts';
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

/** One line without its end. */
export function encodeCsvRow(block: TapeBlock, i: number, names: readonly string[]): string {
  const kind = block.kind[i]!;
  const isSpot = kind === RowKind.spot;
  const exchangeMs = block.exchangeMs[i]!;
  const seq = block.seq[i]!;
  const price = block.price[i]!;
  const count = block.count[i]!;
  return [
    Math.round(block.recvMs[i]! * 1_000),
    Number.isNaN(exchangeMs) ? '' : exchangeMs,
    Number.isNaN(seq) ? '' : seq,
    KIND_NAMES[kind]!,
    quoted(names[block.market[i]!]!),
    block.side[i] === 0 ? 'bid' : 'ask',
    block.flags[i]!,
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

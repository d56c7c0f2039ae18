import { MmError } from '@kalshi-mm/core';
import { BLOCK_ROWS, RowKind, type TapeBlock, type TapeRow } from './row.ts';

/** Precision of a tape's receive clock. */
export type ReceiveUnit = 'ms' | 'us';

/** Receive units in a millisecond. */
export const unitsPerMs = (unit: ReceiveUnit): number => (unit === 'us' ? 1000 : 1);

/** A block that can be filled and emptied: the writer's collecting area and the reader's decode buffer. */
export interface BlockColumns extends TapeBlock {
  rows: number;
  firstMs: number;
}

export function createBlockColumns(capacity: number = BLOCK_ROWS): BlockColumns {
  return {
    rows: 0,
    firstMs: Number.NaN,
    recvMs: new Float64Array(capacity),
    exchangeMs: new Float64Array(capacity),
    seq: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    market: new Uint16Array(capacity),
    side: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    price: new Int16Array(capacity),
    count: new Int32Array(capacity),
  };
}

/** @throws MmError `tape-row` when a value does not fit its column or time runs backwards */
export function appendRow(columns: BlockColumns, row: TapeRow, unit: ReceiveUnit, previousMs: number): void {
  const at = columns.rows;
  const wrong = misfit(row, unit, previousMs);
  if (wrong !== null) {
    throw new MmError('tape-row', `A row does not fit the tape: ${wrong}`, {
      facts: { recvMs: row.recvMs, kind: row.kind, market: row.market, seq: row.seq },
      todo: 'Correct the row before appending it; rows go in the order of their receive time.',
    });
  }
  columns.recvMs[at] = unit === 'us' ? Math.round(row.recvMs * 1000) / 1000 : row.recvMs;
  columns.exchangeMs[at] = row.exchangeMs;
  columns.seq[at] = row.seq;
  columns.kind[at] = row.kind;
  columns.market[at] = row.market;
  columns.side[at] = row.side;
  columns.flags[at] = row.flags;
  columns.price[at] = row.price;
  columns.count[at] = row.count;
  if (at === 0) columns.firstMs = columns.recvMs[0]!;
  columns.rows = at + 1;
}

/** Columns cut to the block's rows, for handing out. */
export function viewOf(columns: BlockColumns): TapeBlock {
  const { rows } = columns;
  if (rows === columns.kind.length) return columns;
  return {
    rows,
    firstMs: columns.firstMs,
    recvMs: columns.recvMs.subarray(0, rows),
    exchangeMs: columns.exchangeMs.subarray(0, rows),
    seq: columns.seq.subarray(0, rows),
    kind: columns.kind.subarray(0, rows),
    market: columns.market.subarray(0, rows),
    side: columns.side.subarray(0, rows),
    flags: columns.flags.subarray(0, rows),
    price: columns.price.subarray(0, rows),
    count: columns.count.subarray(0, rows),
  };
}

function misfit(row: TapeRow, unit: ReceiveUnit, previousMs: number): string | null {
  const { recvMs, exchangeMs, seq, price, count, flags } = row;
  if (!(recvMs >= 0 && recvMs <= LATEST_MS)) return `receive time ${recvMs}`;
  if (unit === 'ms' && !Number.isInteger(recvMs)) {
    return `receive time ${recvMs} has a fraction, and the tape's clock is in milliseconds`;
  }
  if (recvMs < previousMs) return `receive time ${recvMs} is before the row above it, ${previousMs}`;
  if (!Number.isNaN(exchangeMs) && !(Number.isInteger(exchangeMs) && Math.abs(exchangeMs) <= LATEST_MS)) {
    return `exchange time ${exchangeMs} is neither whole milliseconds nor NaN`;
  }
  if (!Number.isNaN(seq) && !(Number.isInteger(seq) && Math.abs(seq) <= 2 ** 52)) return `seq ${seq}`;
  if (!(row.kind >= 0 && row.kind <= RowKind.spot && Number.isInteger(row.kind))) return `kind ${row.kind}`;
  if (row.side !== 0 && row.side !== 1) return `side ${row.side} is not 0 (bid) or 1 (ask)`;
  if (!(flags >= 0 && flags <= 31 && Number.isInteger(flags)))
    return `flags ${flags} need more than five bits`;
  if (!(price >= 0 && price <= 10_000 && Number.isInteger(price))) return `price ${price} is not 0 to 10000`;
  if ((count | 0) !== count) return `count ${count} is not a 32-bit integer`;
  return null;
}

/** Year 2255: microseconds up to here are still safe integers. */
const LATEST_MS = 9e12;

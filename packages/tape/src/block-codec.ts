import { type BlockColumns, type ReceiveUnit, unitsPerMs } from './block-columns.ts';
import { type ColumnWidth, readInto, signedWidth, unsignedWidth, writeColumn } from './column.ts';
import { RowKind, type TapeBlock } from './row.ts';

/** What a reader must know to decode a block's bytes. `docs/reference/tape-format.md` has the layout. */
export interface BlockShape {
  readonly rows: number;
  /** Receive time of the first and last row, in receive units. */
  readonly firstRecv: number;
  readonly lastRecv: number;
  /** Sequence numbers that the first deltas of the book and trade channels count from. */
  readonly bookSeqBase: number;
  readonly tradeSeqBase: number;
  readonly recvWidth: ColumnWidth;
  readonly exchangeWidth: ColumnWidth;
  readonly seqWidth: ColumnWidth;
  readonly countWidth: ColumnWidth;
  readonly marketWidth: ColumnWidth;
  /** At least one row has no exchange time, or no sequence number. */
  readonly hasUnknowns: boolean;
}

/** Byte offsets of the columns inside a block; each column starts at a multiple of 8. */
export function blockOffsets(shape: BlockShape): {
  recv: number;
  exchange: number;
  seq: number;
  count: number;
  price: number;
  market: number;
  kind: number;
  bits: number;
  end: number;
} {
  let at = 0;
  const take = (width: number): number => {
    const start = at;
    at = (at + width * shape.rows + 7) & ~7;
    return start;
  };
  return {
    recv: take(shape.recvWidth),
    exchange: take(shape.exchangeWidth),
    seq: take(shape.seqWidth),
    count: take(shape.countWidth),
    price: take(2),
    market: take(shape.marketWidth),
    kind: take(1),
    bits: take(1),
    end: at,
  };
}

/** Packs rows into bytes (not yet compressed). */
export function encodeBlock(block: TapeBlock, unit: ReceiveUnit): { shape: BlockShape; bytes: Uint8Array } {
  const { rows } = block;
  const perMs = unitsPerMs(unit);
  const recv = new Float64Array(rows);
  const exchange = new Float64Array(rows);
  const bits = new Uint8Array(rows);
  const firstRecv = Math.round(block.recvMs[0]! * perMs);
  let previous = firstRecv;
  let hasUnknowns = false;
  for (let i = 0; i < rows; i++) {
    const now = Math.round(block.recvMs[i]! * perMs);
    recv[i] = now - previous;
    previous = now;
    const exchangeMs = block.exchangeMs[i]!;
    let bit = block.side[i]! | (block.flags[i]! << 1);
    if (Number.isNaN(exchangeMs)) bit |= NO_EXCHANGE;
    else exchange[i] = exchangeMs - Math.floor(block.recvMs[i]!);
    if (Number.isNaN(block.seq[i]!)) bit |= NO_SEQ;
    if (bit >= NO_EXCHANGE) hasUnknowns = true;
    bits[i] = bit;
  }
  const { seq, bookSeqBase, tradeSeqBase } = sequenceDeltas(block);
  const shape: BlockShape = {
    rows,
    firstRecv,
    lastRecv: previous,
    bookSeqBase,
    tradeSeqBase,
    recvWidth: unsignedWidth(recv, rows),
    exchangeWidth: signedWidth(exchange, rows),
    seqWidth: signedWidth(seq, rows),
    countWidth: signedWidth(block.count, rows),
    marketWidth: unsignedWidth(block.market, rows),
    hasUnknowns,
  };
  const offsets = blockOffsets(shape);
  const bytes = new Uint8Array(offsets.end);
  writeColumn(bytes, offsets.recv, shape.recvWidth, recv, rows);
  writeColumn(bytes, offsets.exchange, shape.exchangeWidth, exchange, rows);
  writeColumn(bytes, offsets.seq, shape.seqWidth, seq, rows);
  writeColumn(bytes, offsets.count, shape.countWidth, block.count, rows);
  writeColumn(bytes, offsets.price, 2, block.price, rows);
  writeColumn(bytes, offsets.market, shape.marketWidth, block.market, rows);
  bytes.set(block.kind.subarray(0, rows), offsets.kind);
  bytes.set(bits, offsets.bits);
  return { shape, bytes };
}

/**
 * Unpacks a block into `into`, column by column. `bytes` must start at an address that is a multiple of 8 and be
 * `blockOffsets(shape).end` long.
 */
export function decodeBlock(
  bytes: Uint8Array,
  shape: BlockShape,
  unit: ReceiveUnit,
  into: BlockColumns,
): void {
  const { rows } = shape;
  const offsets = blockOffsets(shape);
  into.rows = rows;
  into.kind.set(bytes.subarray(offsets.kind, offsets.kind + rows));
  readInto(into.price, bytes, offsets.price, 2, rows);
  readInto(into.count, bytes, offsets.count, shape.countWidth, rows);
  if (shape.marketWidth === 1) into.market.set(bytes.subarray(offsets.market, offsets.market + rows));
  else into.market.set(new Uint16Array(bytes.buffer, bytes.byteOffset + offsets.market, rows));
  readUnsigned(into.recvMs, bytes, offsets.recv, shape.recvWidth, rows);
  accumulateTime(into.recvMs, rows, shape.firstRecv, unitsPerMs(unit));
  into.firstMs = into.recvMs[0]!;
  readInto(into.exchangeMs, bytes, offsets.exchange, shape.exchangeWidth, rows);
  addReceiveTime(into.exchangeMs, into.recvMs, rows, unit);
  readInto(into.seq, bytes, offsets.seq, shape.seqWidth, rows);
  accumulateSeq(into.seq, into.kind, rows, shape.bookSeqBase, shape.tradeSeqBase);
  splitBits(bytes.subarray(offsets.bits, offsets.bits + rows), into, shape.hasUnknowns);
}

/** Book and trade channels count separately; the ticker channel does not count at all. */
function sequenceDeltas(block: TapeBlock): { seq: Float64Array; bookSeqBase: number; tradeSeqBase: number } {
  const seq = new Float64Array(block.rows);
  let bookSeqBase = Number.NaN;
  let tradeSeqBase = Number.NaN;
  let book = 0;
  let trade = 0;
  for (let i = 0; i < block.rows; i++) {
    const value = block.seq[i]!;
    if (Number.isNaN(value)) continue;
    if (block.kind[i] === RowKind.trade) {
      if (Number.isNaN(tradeSeqBase)) trade = tradeSeqBase = value;
      seq[i] = value - trade;
      trade = value;
    } else {
      if (Number.isNaN(bookSeqBase)) book = bookSeqBase = value;
      seq[i] = value - book;
      book = value;
    }
  }
  return { seq, bookSeqBase: bookSeqBase || 0, tradeSeqBase: tradeSeqBase || 0 };
}

function readUnsigned(
  into: Float64Array,
  bytes: Uint8Array,
  offset: number,
  width: ColumnWidth,
  rows: number,
): void {
  const at = bytes.byteOffset + offset;
  if (width === 1) into.set(new Uint8Array(bytes.buffer, at, rows));
  else if (width === 2) into.set(new Uint16Array(bytes.buffer, at, rows));
  else if (width === 4) into.set(new Uint32Array(bytes.buffer, at, rows));
  else into.set(new Float64Array(bytes.buffer, at, rows));
}

function accumulateTime(recvMs: Float64Array, rows: number, firstRecv: number, perMs: number): void {
  let now = firstRecv;
  if (perMs === 1) {
    for (let i = 0; i < rows; i++) {
      now += recvMs[i]!;
      recvMs[i] = now;
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    now += recvMs[i]!;
    recvMs[i] = now / perMs;
  }
}

function addReceiveTime(
  exchangeMs: Float64Array,
  recvMs: Float64Array,
  rows: number,
  unit: ReceiveUnit,
): void {
  if (unit === 'ms') for (let i = 0; i < rows; i++) exchangeMs[i] = exchangeMs[i]! + recvMs[i]!;
  else for (let i = 0; i < rows; i++) exchangeMs[i] = exchangeMs[i]! + Math.floor(recvMs[i]!);
}

function accumulateSeq(
  seq: Float64Array,
  kind: Uint8Array,
  rows: number,
  bookBase: number,
  tradeBase: number,
): void {
  let book = bookBase;
  let trade = tradeBase;
  for (let i = 0; i < rows; i++) {
    if (kind[i] === RowKind.trade) {
      trade += seq[i]!;
      seq[i] = trade;
    } else {
      book += seq[i]!;
      seq[i] = book;
    }
  }
}

function splitBits(bits: Uint8Array, into: BlockColumns, hasUnknowns: boolean): void {
  const { side, flags, exchangeMs, seq } = into;
  const rows = bits.length;
  for (let i = 0; i < rows; i++) {
    const bit = bits[i]!;
    side[i] = bit & 1;
    flags[i] = (bit >> 1) & 31;
  }
  if (!hasUnknowns) return;
  for (let i = 0; i < rows; i++) {
    const bit = bits[i]!;
    if (bit < NO_EXCHANGE) continue;
    if ((bit & NO_EXCHANGE) !== 0) exchangeMs[i] = Number.NaN;
    if ((bit & NO_SEQ) !== 0) seq[i] = Number.NaN;
  }
}

/** Bits of the stored flag byte: 0 is the side, 1 to 5 are the row's flags. */
const NO_EXCHANGE = 64;
const NO_SEQ = 128;

import { type BlockColumns, type ReceiveUnit, unitsPerMs } from './block-columns.ts';
import { planesNeeded, readPlanes, writePlanes } from './byte-planes.ts';
import { RowKind, type TapeBlock } from './row.ts';

/** What a reader must know to decode a block's bytes. `docs/reference/tape-format.md` has the layout. */
export interface BlockShape {
  readonly rows: number;
  /** Receive time of the first row, in receive units. */
  readonly firstRecv: number;
  /** Sequence numbers that the first differences of the book and trade channels count from. */
  readonly bookSeqBase: number;
  readonly tradeSeqBase: number;
  /** Byte planes of the three difference columns, 1 to 7. */
  readonly recvPlanes: number;
  readonly exchangePlanes: number;
  readonly seqPlanes: number;
  /** Bytes of a count. */
  readonly countWidth: 2 | 4;
  /** Bytes of a market index. */
  readonly marketWidth: 1 | 2;
  /** At least one row has no exchange time, or no sequence number. */
  readonly hasUnknowns: boolean;
}

export interface BlockOffsets {
  readonly count: number;
  readonly price: number;
  readonly market: number;
  readonly recv: number;
  readonly exchange: number;
  readonly seq: number;
  readonly kind: number;
  readonly bits: number;
  readonly end: number;
}

/** Where each column starts in the unpacked bytes, a multiple of 8, so that typed arrays can be laid over it. */
export function blockOffsets(shape: BlockShape): BlockOffsets {
  let at = 0;
  const take = (width: number): number => {
    const start = at;
    at += Math.ceil((width * shape.rows) / 8) * 8;
    return start;
  };
  return {
    count: take(shape.countWidth),
    price: take(2),
    market: take(shape.marketWidth),
    recv: take(shape.recvPlanes),
    exchange: take(shape.exchangePlanes),
    seq: take(shape.seqPlanes),
    kind: take(1),
    bits: take(1),
    end: at,
  };
}

/** Packs rows into bytes (not yet compressed). */
export function encodeBlock(block: TapeBlock, unit: ReceiveUnit): { shape: BlockShape; bytes: Uint8Array } {
  const { rows } = block;
  const { firstRecv, recv, exchange } = timeDifferences(block, unit);
  const { bookSeqBase, tradeSeqBase, seq } = seqDifferences(block);
  const { bits, hasUnknowns } = joinBits(block);
  const shape: BlockShape = {
    rows,
    firstRecv,
    bookSeqBase,
    tradeSeqBase,
    recvPlanes: planesNeeded(recv),
    exchangePlanes: planesNeeded(exchange),
    seqPlanes: planesNeeded(seq),
    countWidth: countWidth(block),
    marketWidth: marketWidth(block),
    hasUnknowns,
  };
  const offsets = blockOffsets(shape);
  const bytes = new Uint8Array(offsets.end);
  counts(bytes, offsets, shape).set(block.count.subarray(0, rows));
  new Int16Array(bytes.buffer, offsets.price, rows).set(block.price.subarray(0, rows));
  marketIndexes(bytes, offsets, shape).set(block.market.subarray(0, rows));
  writePlanes(bytes, offsets.recv, shape.recvPlanes, recv);
  writePlanes(bytes, offsets.exchange, shape.exchangePlanes, exchange);
  writePlanes(bytes, offsets.seq, shape.seqPlanes, seq);
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
  into.count.set(counts(bytes, offsets, shape));
  into.price.set(new Int16Array(bytes.buffer, bytes.byteOffset + offsets.price, rows));
  into.market.set(marketIndexes(bytes, offsets, shape));
  into.kind.set(bytes.subarray(offsets.kind, offsets.kind + rows));
  readPlanes(bytes, offsets.recv, shape.recvPlanes, rows, into.recvMs);
  accumulateTime(into.recvMs, rows, shape.firstRecv, unitsPerMs(unit));
  into.firstMs = into.recvMs[0]!;
  readPlanes(bytes, offsets.exchange, shape.exchangePlanes, rows, into.exchangeMs);
  addReceiveTime(into.exchangeMs, into.recvMs, rows, unit);
  readPlanes(bytes, offsets.seq, shape.seqPlanes, rows, into.seq);
  accumulateSeq(into.seq, into.kind, rows, shape);
  splitBits(bytes.subarray(offsets.bits, offsets.bits + rows), into, shape.hasUnknowns);
}

function timeDifferences(
  block: TapeBlock,
  unit: ReceiveUnit,
): { firstRecv: number; recv: Float64Array; exchange: Float64Array } {
  const perMs = unitsPerMs(unit);
  const recv = new Float64Array(block.rows);
  const exchange = new Float64Array(block.rows);
  const firstRecv = Math.round(block.recvMs[0]! * perMs);
  let previous = firstRecv;
  for (let i = 0; i < block.rows; i++) {
    const now = Math.round(block.recvMs[i]! * perMs);
    recv[i] = now - previous;
    previous = now;
    const exchangeMs = block.exchangeMs[i]!;
    if (!Number.isNaN(exchangeMs)) exchange[i] = exchangeMs - Math.floor(block.recvMs[i]!);
  }
  return { firstRecv, recv, exchange };
}

/** Book and trade channels count separately; the ticker channel does not count at all. */
function seqDifferences(block: TapeBlock): { seq: Float64Array; bookSeqBase: number; tradeSeqBase: number } {
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
  return {
    seq,
    bookSeqBase: Number.isNaN(bookSeqBase) ? 0 : bookSeqBase,
    tradeSeqBase: Number.isNaN(tradeSeqBase) ? 0 : tradeSeqBase,
  };
}

function joinBits(block: TapeBlock): { bits: Uint8Array; hasUnknowns: boolean } {
  const bits = new Uint8Array(block.rows);
  let hasUnknowns = false;
  for (let i = 0; i < block.rows; i++) {
    let bit = block.side[i]! | (block.flags[i]! << 1);
    if (Number.isNaN(block.exchangeMs[i]!)) bit |= NO_EXCHANGE;
    if (Number.isNaN(block.seq[i]!)) bit |= NO_SEQ;
    if (bit >= NO_EXCHANGE) hasUnknowns = true;
    bits[i] = bit;
  }
  return { bits, hasUnknowns };
}

function countWidth(block: TapeBlock): 2 | 4 {
  for (let i = 0; i < block.rows; i++) if ((block.count[i]! << 16) >> 16 !== block.count[i]!) return 4;
  return 2;
}

function marketWidth(block: TapeBlock): 1 | 2 {
  for (let i = 0; i < block.rows; i++) if (block.market[i]! > 255) return 2;
  return 1;
}

function counts(bytes: Uint8Array, offsets: BlockOffsets, shape: BlockShape): Int16Array | Int32Array {
  const at = bytes.byteOffset + offsets.count;
  return shape.countWidth === 2
    ? new Int16Array(bytes.buffer, at, shape.rows)
    : new Int32Array(bytes.buffer, at, shape.rows);
}

function marketIndexes(
  bytes: Uint8Array,
  offsets: BlockOffsets,
  shape: BlockShape,
): Uint8Array | Uint16Array {
  const at = bytes.byteOffset + offsets.market;
  return shape.marketWidth === 1
    ? new Uint8Array(bytes.buffer, at, shape.rows)
    : new Uint16Array(bytes.buffer, at, shape.rows);
}

function accumulateTime(recvMs: Float64Array, rows: number, firstRecv: number, perMs: number): void {
  let now = firstRecv;
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

function accumulateSeq(seq: Float64Array, kind: Uint8Array, rows: number, shape: BlockShape): void {
  let book = shape.bookSeqBase;
  let trade = shape.tradeSeqBase;
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

import type { Ticker } from '@kalshi-mm/core';
import { openTape, requireBook, type Tape, type TapeBlock } from '@kalshi-mm/tape';

/** Reads one tape row by row, with its markets renumbered to the exchange's. */
export interface TapeCursor {
  readonly header: Tape['header'];
  /** The block in which the current row lies; null at the end. */
  readonly block: TapeBlock | null;
  readonly row: number;
  /** Receive time of the current row; `Infinity` at the end. */
  readonly nextMs: number;
  next(): void;
  /** Must be called before the first row is read. */
  renumber(index: ReadonlyMap<Ticker, number>): void;
  close(): void;
}

/** @throws MmError when the file is missing, damaged or no tape, or has no book */
export function openTapeCursor(path: string): TapeCursor {
  const tape = openTape(path);
  try {
    requireBook(path, tape.header);
  } catch (error) {
    tape.close();
    throw error;
  }
  return new Cursor(tape);
}

class Cursor implements TapeCursor {
  readonly header: Tape['header'];
  block: TapeBlock | null = null;
  row = 0;
  nextMs: number;
  readonly #tape: Tape;
  readonly #blocks: Iterator<TapeBlock>;
  #numbers = new Uint16Array(0);

  constructor(tape: Tape) {
    this.#tape = tape;
    this.header = tape.header;
    this.nextMs = tape.header.rows === 0 ? Number.POSITIVE_INFINITY : tape.header.firstMs;
    this.#blocks = tape.blocks()[Symbol.iterator]();
  }

  renumber(index: ReadonlyMap<Ticker, number>): void {
    this.#numbers = Uint16Array.from(this.header.markets, (market) => index.get(market.ticker)!);
    this.#load();
  }

  next(): void {
    this.row++;
    if (this.row < this.block!.rows) this.nextMs = this.block!.recvMs[this.row]!;
    else this.#load();
  }

  close(): void {
    this.#blocks.return?.();
    this.#tape.close();
  }

  #load(): void {
    this.row = 0;
    do {
      const { done, value } = this.#blocks.next();
      this.block = done ? null : value;
    } while (this.block !== null && this.block.rows === 0);
    if (this.block === null) {
      this.nextMs = Number.POSITIVE_INFINITY;
      return;
    }
    // The columns are buffers of this reader alone, so they may be rewritten in place.
    const { market, rows } = this.block;
    for (let i = 0; i < rows; i++) market[i] = this.#numbers[market[i]!]!;
    this.nextMs = this.block.recvMs[0]!;
  }
}

import { type Market, MmError, type Ticker } from '@kalshi-mm/core';
import { openTape, requireBook, type Tape, type TapeBlock } from '@kalshi-mm/tape';

/** Several tapes as one: their rows in time order, their markets numbered through. */
export interface Tapes {
  readonly markets: readonly Market[];
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** True when every source records trades. */
  readonly hasTrades: boolean;
  /** True when a source is a sequence of polls: what happened between two of them is not known. */
  readonly isPolled: boolean;
  readonly sources: readonly string[];
  blocks(): Iterable<TapeBlock>;
  close(): void;
}

/** @throws MmError for a missing or damaged file, a tape without a book, an empty tape, a market on two tapes, or tapes that overlap in time */
export function openTapes(paths: readonly string[]): Tapes {
  const tapes: Tape[] = [];
  try {
    for (const path of paths) tapes.push(openTape(path));
    for (const tape of tapes) {
      requireBook(tape.path, tape.header);
      if (tape.header.rows === 0) {
        throw new MmError('empty-tape', `There is nothing on the tape: ${tape.path}`, {
          todo: 'Leave it out.',
        });
      }
    }
    tapes.sort((a, b) => a.header.firstMs - b.header.firstMs);
    checkOrder(tapes);
    return together(tapes);
  } catch (error) {
    for (const tape of tapes) tape.close();
    throw error;
  }
}

function together(tapes: readonly Tape[]): Tapes {
  const markets = tapes.flatMap((tape) => tape.header.markets);
  return {
    markets,
    rows: tapes.reduce((sum, tape) => sum + tape.header.rows, 0),
    firstMs: tapes[0]!.header.firstMs,
    lastMs: tapes[tapes.length - 1]!.header.lastMs,
    isPolled: tapes.some((tape) => tape.header.labels.cadence === 'polled'),
    hasTrades: tapes.every((tape) => tape.header.labels.trades),
    sources: tapes.map((tape) => tape.header.source),
    *blocks() {
      let offset = 0;
      for (const tape of tapes) {
        for (const block of tape.blocks()) {
          if (offset > 0) for (let row = 0; row < block.rows; row++) block.market[row]! += offset;
          yield block;
        }
        offset += tape.header.markets.length;
      }
    },
    close() {
      for (const tape of tapes) tape.close();
    },
  };
}

function checkOrder(tapes: readonly Tape[]): void {
  const seen = new Map<Ticker, string>();
  tapes.forEach((tape, index) => {
    const before = tapes[index - 1];
    if (before !== undefined && before.header.lastMs > tape.header.firstMs) {
      throw new MmError('tapes-overlap', `Two tapes overlap in time: ${before.path} and ${tape.path}`, {
        todo: 'Merge them into one (`tape merge`), or run them one by one.',
      });
    }
    for (const { ticker } of tape.header.markets) {
      const other = seen.get(ticker);
      if (other !== undefined) {
        throw new MmError('market-twice', `Market ${ticker} is on two tapes: ${other} and ${tape.path}`, {
          todo: 'Leave one of them out.',
        });
      }
      seen.set(ticker, tape.path);
    }
  });
}

import type { Market } from '@kalshi-mm/core';
import type { ReceiveUnit } from '../block-columns.ts';
import type { TapeRow } from '../row.ts';
import type { TapeLabels } from '../tape-header.ts';

/** Turns the lines of one file into rows; it may keep state from line to line. */
export interface LineReader {
  /**
   * The rows of one line, all of one receive time; empty when the line carries no market data.
   *
   * @throws WireError naming the field that does not have the documented form
   */
  read(line: string): readonly TapeRow[];
}

export interface DatasetFile {
  readonly path: string;
  /** Starts at the first line. */
  open(): LineReader;
}

/** A recording that has been recognised, ready to be read. */
export interface Dataset {
  readonly source: string;
  readonly labels: TapeLabels;
  readonly receiveUnit: ReceiveUnit;
  readonly markets: readonly Market[];
  /** In order of the market or run; rows of equal receive time keep this order. */
  readonly files: readonly DatasetFile[];
  /** Known before reading. */
  readonly warnings: readonly string[];
  /** Known after reading every file. */
  readonly findings: () => readonly string[];
}

/** One kind of recording. */
export interface DatasetFormat {
  readonly name: string;
  /** What a folder must hold, for messages. */
  readonly contents: string;
  recognise(dir: string): boolean;
  /** @param ticker only this market; every market when null */
  open(dir: string, ticker: string | null): Promise<Dataset>;
}

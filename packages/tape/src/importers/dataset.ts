import type { Market } from '@kalshi-mm/core';
import type { ReceiveUnit } from '../block-columns.ts';
import type { TapeRow } from '../row.ts';
import type { Instrument, LabelsGiven } from '../tape-header.ts';
import type { RowGroup } from './trade-pairing.ts';

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

/** A source that has been read as a whole, because its markets are known only at its end. */
export interface TableFile {
  readonly path: string;
  /** In the order of their receive times. */
  readonly rows: readonly RowGroup[];
}

/** A recording that has been recognised, ready to be read. */
export interface Dataset {
  readonly source: string;
  readonly labels: LabelsGiven;
  readonly receiveUnit: ReceiveUnit;
  readonly markets: readonly Market[];
  readonly instruments?: readonly Instrument[];
  /** In order of the market or run; rows of equal receive time keep this order. */
  readonly files: readonly (DatasetFile | TableFile)[];
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
  /** Parts that can tell different things, and go on tapes of their own. @default one part */
  readonly parts?: readonly string[];
  recognise(dir: string): boolean;
  /** @param ticker only this market; every market when null @param part one of `parts` */
  open(dir: string, ticker: string | null, part: string): Promise<Dataset>;
}

import { constants, crc32, zstdCompressSync } from 'node:zlib';
import { MmError } from '@kalshi-mm/core';
import { encodeBlock } from '../block-codec.ts';
import { appendRow, createBlockColumns, type ReceiveUnit } from '../block-columns.ts';
import { BLOCK_ROWS, RowKind, type TapeRow } from '../row.ts';
import {
  type BlockEntry,
  completeLabels,
  encodeFooter,
  encodeIntro,
  type Instrument,
  type LabelsGiven,
  TAPE_VERSION,
  type TapeIntro,
} from '../tape-header.ts';
import { encodeBlockHeader, encodePreamble, encodeTrailer } from './layout.ts';
import { openPartial } from './partial-file.ts';

export interface TapeWriterOptions extends Pick<TapeIntro, 'source' | 'markets'> {
  readonly labels: LabelsGiven;
  /** @default none */
  readonly instruments?: readonly Instrument[];
  /** Precision of the receive clock. @default 'ms' */
  readonly receiveUnit?: ReceiveUnit;
}

/** Writes a tape beside its final place and moves it there when it is complete. */
export interface TapeWriter {
  readonly rows: number;
  /** @throws MmError `tape-row` for a value that does not fit, or a row older than the one before it */
  append(row: TapeRow): void;
  /** Completes the file, replacing one of the same name. @param warnings what a reader of this tape must know */
  close(warnings?: readonly string[]): { rows: number; firstMs: number; lastMs: number };
  /** Throws the unfinished file away; does nothing after `close`. */
  abort(): void;
}

/** @throws MmError `file-failed` when the folder cannot be written */
export function createTapeWriter(path: string, options: TapeWriterOptions): TapeWriter {
  const intro: TapeIntro = {
    source: options.source,
    labels: completeLabels(options.labels),
    receiveUnit: options.receiveUnit ?? 'ms',
    markets: options.markets,
    instruments: options.instruments ?? [],
  };
  const named = [...intro.markets, ...intro.instruments];
  if (named.length > MOST_NAMED) {
    throw new MmError('tape-row', `${path} would name ${named.length} markets and instruments`, {
      todo: `A tape holds at most ${MOST_NAMED}: make several.`,
    });
  }
  const file = openPartial(path);
  const columns = createBlockColumns();
  const blocks: BlockEntry[] = [];
  const totals = named.map(() => ({ rows: 0, trades: 0 }));
  let rows = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;

  const flush = (): void => {
    if (columns.rows === 0) return;
    const { shape, bytes } = encodeBlock(columns, intro.receiveUnit);
    const stored = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
    blocks.push({ offset: file.size(), rows: shape.rows, firstRecv: shape.firstRecv });
    file.write(encodeBlockHeader({ shape, storedLength: stored.length, crc: crc32(stored) }));
    file.write(stored);
    columns.rows = 0;
  };

  const introBytes = Buffer.from(encodeIntro(intro));
  file.write(
    encodePreamble({ version: TAPE_VERSION, introLength: introBytes.length, introCrc: crc32(introBytes) }),
  );
  file.write(introBytes);

  return {
    get rows() {
      return rows;
    },
    append(row) {
      const total = totals[row.market];
      if (total === undefined || (row.kind === RowKind.spot) !== row.market >= intro.markets.length) {
        throw new MmError('tape-row', `A row names market ${row.market} of ${totals.length}`);
      }
      appendRow(columns, row, intro.receiveUnit, lastMs);
      lastMs = columns.recvMs[columns.rows - 1]!;
      if (rows === 0) firstMs = lastMs;
      rows++;
      total.rows++;
      if (row.kind === RowKind.trade) total.trades++;
      if (columns.rows === BLOCK_ROWS) flush();
    },
    close(warnings = []) {
      flush();
      const footer = Buffer.from(encodeFooter({ rows, firstMs, lastMs, totals, warnings, blocks }));
      const footerOffset = file.size();
      file.write(footer);
      file.write(encodeTrailer({ footerOffset, footerLength: footer.length, footerCrc: crc32(footer) }));
      file.finish();
      return { rows, firstMs, lastMs };
    },
    abort: file.abort,
  };
}

/** Rows name them by a 16-bit index. */
const MOST_NAMED = 65_536;

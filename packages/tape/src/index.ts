export type { ReceiveUnit } from './block-columns.ts';
export { type BookReplay, createBookReplay } from './book-replay.ts';
export {
  type CaptureControl,
  type CaptureRecord,
  KALSHI_FEED,
} from './capture/capture-record.ts';
export { type CompileOptions, compileCaptures } from './capture/compile-captures.ts';
export {
  type CaptureStats,
  type CaptureWriter,
  type CaptureWriterOptions,
  createCaptureWriter,
} from './capture/create-capture-writer.ts';
export type { CaptureHeader } from './capture/layout.ts';
export { type Capture, type CaptureDamage, openCapture } from './capture/open-capture.ts';
export type { SpotDecoder, SpotTick } from './capture/spot-tick.ts';
export { createTapeWriter, type TapeWriter, type TapeWriterOptions } from './file/create-tape-writer.ts';
export { openTape, type Tape } from './file/open-tape.ts';
export {
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importDataset,
} from './importers/import-dataset.ts';
export { type ExportFormat, type ExportOptions, exportTape } from './interchange/export-tape.ts';
export { importTable, type TableOptions } from './interchange/import-table.ts';
export { encodeMarket } from './market-codec.ts';
export { marketIndex } from './market-index.ts';
export { type MergeOptions, mergeTapes } from './merge-tapes.ts';
export { requireBook } from './require-book.ts';
export { CandlePart, RowFlag, RowKind, Spot, type TapeBlock, type TapeRow } from './row.ts';
export {
  type Instrument,
  type LabelsGiven,
  type MarketTotals,
  TAPE_VERSION,
  type TapeHeader,
  type TapeLabels,
} from './tape-header.ts';

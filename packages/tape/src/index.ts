export type { ReceiveUnit } from './block-columns.ts';
export { type BookReplay, createBookReplay } from './book-replay.ts';
export { createTapeWriter, type TapeWriter, type TapeWriterOptions } from './file/create-tape-writer.ts';
export { openTape, type Tape } from './file/open-tape.ts';
export {
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importDataset,
} from './importers/import-dataset.ts';
export { encodeMarket } from './market-codec.ts';
export { marketIndex } from './market-index.ts';
export { RowFlag, RowKind, type TapeBlock, type TapeRow } from './row.ts';
export { type MarketTotals, TAPE_VERSION, type TapeHeader, type TapeLabels } from './tape-header.ts';

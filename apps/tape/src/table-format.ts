import { extname } from 'node:path';
import type { ExportFormat } from '@kalshi-mm/tape';

const FORMATS: Readonly<Record<string, ExportFormat>> = { '.csv': 'csv', '.parquet': 'parquet' };

/** What a table is, by its name; undefined: no table. */
export const formatOf = (path: string): ExportFormat | undefined => FORMATS[extname(path)];

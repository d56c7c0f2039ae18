import { type Market, MmError, type Ticker } from '@kalshi-mm/core';
import { createTapeWriter } from './file/create-tape-writer.ts';
import { openTape, type Tape } from './file/open-tape.ts';
import type { ImportReport } from './importers/import-dataset.ts';
import { type GroupSource, mergeByTime } from './importers/merge-by-time.ts';
import type { RowGroup } from './importers/trade-pairing.ts';
import { rowAt, type TapeRow } from './row.ts';
import type { Instrument, TapeLabels } from './tape-header.ts';

export interface MergeOptions {
  readonly onProgress?: (progress: { readonly rows: number; readonly rowsTotal: number }) => void;
  /** Stops the work and removes what it has written. */
  readonly signal?: AbortSignal;
}

/**
 * Merges tapes into one, by receive time; rows of equal time keep the order of the tapes. A market may be on several
 * of them, one after the other: its facts are those of the last one.
 *
 * @throws MmError `labels-differ` when the tapes cannot tell the same, `tapes-overlap` when two of them tell of a market
 * at the same time, `import-stopped`, or what a tape is refused for
 */
export async function mergeTapes(
  paths: readonly string[],
  out: string,
  options: MergeOptions = {},
): Promise<ImportReport> {
  const tapes: Tape[] = [];
  try {
    for (const path of paths) tapes.push(openTape(path));
    if (tapes.length === 0) {
      throw new MmError('source-empty', 'There is no tape to merge', { todo: 'Name at least one tape.' });
    }
    return await mergeOpen(tapes, out, options);
  } finally {
    for (const tape of tapes) tape.close();
  }
}

async function mergeOpen(
  tapes: readonly Tape[],
  out: string,
  { onProgress, signal }: MergeOptions,
): Promise<ImportReport> {
  const markets = new Map<Ticker, Market>();
  const instruments = new Map<string, Instrument>();
  for (const { header } of tapes) {
    for (const market of header.markets) markets.set(market.ticker, market);
    for (const instrument of header.instruments) instruments.set(keyOf(instrument), instrument);
  }
  refuseOverlap(tapes);
  const tickers = [...markets.keys()];
  const names = [...tickers, ...instruments.keys()];
  const numbers = new Map<string, number>(names.map((name, index) => [name, index]));
  const writer = createTapeWriter(out, {
    source: [...new Set(tapes.map(({ header }) => header.source))].join(' and '),
    labels: jointLabels(tapes),
    receiveUnit: tapes.some(({ header }) => header.receiveUnit === 'us') ? 'us' : 'ms',
    markets: [...markets.values()],
    instruments: [...instruments.values()],
  });
  try {
    const rowsTotal = tapes.reduce((sum, { header }) => sum + header.rows, 0);
    for await (const groups of mergeByTime(tapes.map((tape) => groupsOf(tape, numbers)))) {
      if (signal?.aborted === true) {
        throw new MmError('import-stopped', 'The merge was stopped; nothing was written', {
          recovery: 'retry',
        });
      }
      for (const group of groups) for (const row of group) writer.append(row);
      onProgress?.({ rows: writer.rows, rowsTotal });
    }
    const warnings = [...new Set(tapes.flatMap(({ header }) => header.warnings))];
    return { file: out, ...writer.close(warnings), markets: tickers, warnings };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** What every tape can tell; depth and cadence cannot be mixed, because a reader could not tell the rows apart. */
function jointLabels(tapes: readonly Tape[]): TapeLabels {
  const [first, ...others] = tapes.map(({ header }) => header.labels);
  const all = (label: 'trades' | 'sizes' | 'exchangeClock' | 'ticker'): boolean =>
    tapes.every(({ header }) => header.labels[label]);
  for (const labels of others) {
    for (const label of ['depth', 'cadence', 'receiveClock'] as const) {
      if (labels[label] === first![label]) continue;
      throw new MmError(
        'labels-differ',
        `The tapes differ in ${label}: ${first![label]} and ${labels[label]}`,
        {
          todo: 'Merge only tapes that can tell the same (`tape info` shows their labels).',
        },
      );
    }
  }
  return {
    ...first!,
    trades: all('trades'),
    sizes: all('sizes'),
    exchangeClock: all('exchangeClock'),
    ticker: all('ticker'),
    spot: tapes.some(({ header }) => header.labels.spot),
  };
}

/** What two recordings tell of a market at the same time would be there twice. */
function refuseOverlap(tapes: readonly Tape[]): void {
  const counts = new Map<Ticker, number>();
  for (const { header } of tapes) {
    for (const { ticker } of header.markets) counts.set(ticker, (counts.get(ticker) ?? 0) + 1);
  }
  if ([...counts.values()].every((count) => count === 1)) return;
  const spans = new Map<Ticker, Span[]>();
  for (const tape of tapes) {
    for (const [ticker, span] of spansOf(tape)) spans.set(ticker, [...(spans.get(ticker) ?? []), span]);
  }
  for (const [ticker, list] of spans) {
    list.sort((a, b) => a.firstMs - b.firstMs);
    for (const [i, later] of list.entries()) {
      const earlier = list[i - 1];
      if (earlier === undefined || earlier.lastMs <= later.firstMs) continue;
      throw new MmError('tapes-overlap', `Two tapes overlap for the market ${ticker}`, {
        facts: { one: earlier.path, until: earlier.lastMs, other: later.path, from: later.firstMs },
        todo: 'Leave one of them out, or import it without this market.',
      });
    }
  }
}

interface Span {
  readonly path: string;
  readonly firstMs: number;
  lastMs: number;
}

function spansOf(tape: Tape): Map<Ticker, Span> {
  const spans = new Map<Ticker, Span>();
  const { markets } = tape.header;
  for (const block of tape.blocks()) {
    for (let i = 0; i < block.rows; i++) {
      const ticker = markets[block.market[i]!]?.ticker;
      if (ticker === undefined) continue;
      const ms = block.recvMs[i]!;
      const span = spans.get(ticker);
      if (span === undefined) spans.set(ticker, { path: tape.path, firstMs: ms, lastMs: ms });
      else span.lastMs = ms;
    }
  }
  return spans;
}

const keyOf = ({ source, symbol }: Instrument): string => `${source} ${symbol}`;

/** Rows of one market and time stay together: a snapshot, the rows of one ticker frame. */
async function* groupsOf(tape: Tape, numbers: ReadonlyMap<string, number>): GroupSource {
  const { markets, instruments } = tape.header;
  const names = [...markets.map(({ ticker }) => ticker as string), ...instruments.map(keyOf)];
  const index = names.map((name) => numbers.get(name)!);
  for (const block of tape.blocks()) {
    const groups: RowGroup[] = [];
    let group: TapeRow[] = [];
    for (let i = 0; i < block.rows; i++) {
      const row = { ...rowAt(block, i), market: index[block.market[i]!]! };
      const head = group[0];
      if (head !== undefined && (head.recvMs !== row.recvMs || head.market !== row.market)) {
        groups.push(group);
        group = [];
      }
      group.push(row);
    }
    if (group.length > 0) groups.push(group);
    yield groups;
  }
}

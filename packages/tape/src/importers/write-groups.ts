import { type Market, MmError } from '@kalshi-mm/core';
import { createBookReplay } from '../book-replay.ts';
import type { TapeWriter } from '../file/create-tape-writer.ts';
import { type GroupSource, mergeByTime } from './merge-by-time.ts';
import { createTradePairing, type RowGroup } from './trade-pairing.ts';

/** What was found in the sources while they were written. */
export interface GroupTally {
  trades: number;
  paired: number;
  /** Groups whose receive time was before the one above them. */
  heldBack: number;
  /** Book rows that do not fit the book before them. */
  misfits: number;
}

export const createTally = (): GroupTally => ({ trades: 0, paired: 0, heldBack: 0, misfits: 0 });

/** How long a trade or its delta may wait for the other on the receive clock. */
const PAIRING_WINDOW_MS = 15_000;

/** One source with its times in order and, where asked for, its trades paired with the deltas they caused. */
export async function* inOrder(source: GroupSource, pairTrades: boolean, tally: GroupTally): GroupSource {
  const pairing = pairTrades ? createTradePairing(PAIRING_WINDOW_MS) : null;
  let lastMs = 0;
  for await (const batch of source) {
    const groups: RowGroup[] = [];
    for (const read of batch) {
      let group = read;
      const { recvMs } = group[0]!;
      if (recvMs < lastMs) {
        tally.heldBack++;
        group = group.map((row) => ({ ...row, recvMs: lastMs }));
      } else {
        lastMs = recvMs;
      }
      if (pairing === null) groups.push(group);
      else groups.push(...pairing.push(group));
    }
    yield groups;
  }
  if (pairing === null) return;
  yield pairing.flush();
  tally.trades += pairing.trades;
  tally.paired += pairing.paired;
}

/** Merges sources into a tape. @param onBatch called now and then @throws MmError `import-stopped` */
export async function writeGroups(
  sources: readonly GroupSource[],
  markets: readonly Market[],
  writer: TapeWriter,
  tally: GroupTally,
  options: { readonly signal?: AbortSignal | undefined; readonly onBatch?: (() => void) | undefined },
): Promise<void> {
  const books = createBookReplay({ markets });
  for await (const groups of mergeByTime(sources)) {
    if (options.signal?.aborted === true) {
      throw new MmError('import-stopped', 'The import was stopped; nothing was written', {
        recovery: 'retry',
      });
    }
    for (const group of groups) {
      for (const row of group) {
        writer.append(row);
        books.applyValues(row.kind, row.market, row.side, row.price, row.count);
      }
    }
    options.onBatch?.();
  }
  tally.misfits = books.misfits;
}

/** The tally as sentences. */
export function findingsOf({ misfits, trades, paired, heldBack }: GroupTally): string[] {
  const findings: string[] = [];
  if (misfits > 0) {
    findings.push(
      `${misfits} book changes do not fit the book before them: part of the recording is missing.`,
    );
  }
  if (trades > paired) {
    findings.push(`${trades - paired} of ${trades} trades found no delta on the maker side.`);
  }
  if (heldBack > 0) {
    findings.push(`The receive clock stepped back ${heldBack} times; those rows carry the time before them.`);
  }
  return findings;
}

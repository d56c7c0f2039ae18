import { type Market, type MarketResult, MmError, Price } from '@kalshi-mm/core';
import { marketIndex } from '../market-index.ts';
import { RowKind, type TapeRow } from '../row.ts';
import type { Instrument, LabelsGiven } from '../tape-header.ts';
import { assumedMarket } from './assumed-market.ts';
import type { Dataset } from './dataset.ts';
import { spotRow } from './frame-rows.ts';
import type { RowGroup } from './trade-pairing.ts';

/** Collects the rows of a source whose markets are known only at its end. */
export interface Table {
  /** Index of a market; facts that are told again replace the earlier ones. */
  market(ticker: string, facts?: Partial<Market>): number;
  /** Facts of a market that counts only if it has rows. */
  facts(ticker: string, facts: Partial<Market>): void;
  /** Rows of one receive time. */
  add(rows: readonly TapeRow[]): void;
  /** @param micros price in units of 1e-6 dollar */
  spot(instrument: Instrument, recvMs: number, exchangeMs: number, micros: number): void;
  /** Counts something that is worth a warning. */
  count(what: string): void;
  finish(options: {
    readonly source: string;
    readonly labels: LabelsGiven;
    /** Stands for the size of the source in progress reports. */
    readonly path: string;
    readonly ticker: string | null;
    readonly warnings: readonly string[];
  }): Dataset;
}

/** What is known of a market that has ended. */
export function resultFacts(result: MarketResult): Partial<Market> {
  return {
    status: 'finalized',
    result,
    ...(result === 'scalar' ? {} : { settlementPrice: result === 'yes' ? Price.ONE : Price.of(0) }),
  };
}

export function createTable(): Table {
  const indexes = new Map<string, number>();
  const facts = new Map<string, Partial<Market>>();
  const instruments = new Map<string, { readonly index: number; readonly instrument: Instrument }>();
  const counts = new Map<string, number>();
  const groups: RowGroup[] = [];
  const tell = (ticker: string, more: Partial<Market>): void => {
    facts.set(ticker, { ...facts.get(ticker), ...more });
  };

  /** First and last receive time of each market. */
  const spans = (): Map<number, { first: number; last: number }> => {
    const found = new Map<number, { first: number; last: number }>();
    for (const [row] of groups) {
      if (row!.kind === RowKind.spot) continue;
      const span = found.get(row!.market);
      if (span === undefined) found.set(row!.market, { first: row!.recvMs, last: row!.recvMs });
      else span.last = row!.recvMs;
    }
    return found;
  };

  return {
    market(ticker, more) {
      if (more !== undefined) tell(ticker, more);
      const index = indexes.get(ticker);
      if (index !== undefined) return index;
      indexes.set(ticker, indexes.size);
      return indexes.size - 1;
    },
    facts: tell,
    add(rows) {
      if (rows.length > 0) groups.push(rows);
    },
    spot(instrument, recvMs, exchangeMs, micros) {
      const key = `${instrument.source} ${instrument.symbol}`;
      let known = instruments.get(key);
      if (known === undefined) {
        known = { index: instruments.size, instrument };
        instruments.set(key, known);
      }
      // Counted on from the markets when these are all known.
      groups.push([spotRow(recvMs, exchangeMs, known.index, micros, 'spot')]);
    },
    count(what) {
      counts.set(what, (counts.get(what) ?? 0) + 1);
    },
    finish({ source, labels, path, ticker, warnings }) {
      groups.sort((a, b) => a[0]!.recvMs - b[0]!.recvMs);
      const times = spans();
      const all = [...indexes].map(([name, index]) => {
        const { first, last } = times.get(index) ?? { first: 0, last: 0 };
        return assumedMarket(name, first, last, facts.get(name));
      });
      if (groups.length === 0) {
        throw new MmError('source-empty', `${path} has no rows`, { todo: 'Fetch the recording again.' });
      }
      const only = ticker === null ? -1 : marketIndex(all, ticker, path);
      const markets = ticker === null ? all : [all[only]!];
      const rows = groups.flatMap((group): RowGroup[] => {
        if (group[0]!.kind === RowKind.spot) {
          return [group.map((row) => ({ ...row, market: row.market + markets.length }))];
        }
        if (ticker === null) return [group];
        return group[0]!.market === only ? [group.map((row) => ({ ...row, market: 0 }))] : [];
      });
      const told = [...counts].map(([what, count]) => `${count} ${what}`);
      return {
        source,
        labels: { ...labels, spot: instruments.size > 0 },
        receiveUnit: 'ms',
        markets,
        instruments: [...instruments.values()].map(({ instrument }) => instrument),
        files: [{ path, rows }],
        warnings: [...warnings, ...told],
        findings: () => [],
      };
    },
  };
}

/** Poll times are the source's own, and nothing else is known. */
export const POLLED: LabelsGiven = {
  trades: false,
  depth: 'top',
  cadence: 'polled',
  sizes: false,
  receiveClock: 'local',
  exchangeClock: false,
  ticker: true,
};

export const ASSUMED_TIMES =
  "Open and close times are not in the recording: they are those of the market's first and last row.";
export const ASSUMED_TERMS =
  'Price grid and fees are not in the recording: whole cents and the quadratic fee are assumed.';
export const UNKNOWN_BETWEEN =
  'Polled: what happened between two polls is not known, and a price that was gone again was never seen.';
export const NO_SIZES = 'Best bid and ask have no sizes: neither queues nor fills can be replayed.';

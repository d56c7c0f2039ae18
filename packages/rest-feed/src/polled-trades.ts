import type { Ticker, Timestamp } from '@kalshi-mm/core';
import type { PolledTrade } from './rest-reads.ts';

interface Seen {
  /** Trades before this were told, or came before the market was followed. */
  fromMs: number;
  /** Trades from `fromMs` on that were told, with their times. */
  readonly told: Map<string, number>;
}

/** Which trades were told. The exchange filters by whole seconds, so that each read repeats some of the last. */
export class PolledTrades {
  readonly #seen = new Map<Ticker, Seen>();

  follow(ticker: Ticker, fromMs: Timestamp): void {
    if (!this.#seen.has(ticker)) this.#seen.set(ticker, { fromMs, told: new Map() });
  }

  keepOnly(wanted: ReadonlySet<Ticker>): void {
    for (const ticker of this.#seen.keys()) if (!wanted.has(ticker)) this.#seen.delete(ticker);
  }

  sinceMs(ticker: Ticker): number {
    return this.#seen.get(ticker)?.fromMs ?? Number.POSITIVE_INFINITY;
  }

  /** @param trades newest first @returns those that are new, oldest first */
  take(trades: readonly PolledTrade[]): PolledTrade[] {
    const fresh: PolledTrade[] = [];
    for (let i = trades.length - 1; i >= 0; i--) {
      const trade = trades[i]!;
      const seen = this.#seen.get(trade.ticker);
      if (seen === undefined || trade.exchangeMs < seen.fromMs || seen.told.has(trade.tradeId)) continue;
      seen.told.set(trade.tradeId, trade.exchangeMs);
      fresh.push(trade);
    }
    this.#forgetOld(fresh);
    return fresh;
  }

  /** A trade may be listed a little late: a few seconds are read again. */
  #forgetOld(fresh: readonly PolledTrade[]): void {
    for (const { ticker, exchangeMs } of fresh) {
      const seen = this.#seen.get(ticker)!;
      const fromMs = exchangeMs - OVERLAP_MS;
      if (fromMs <= seen.fromMs + OVERLAP_MS) continue;
      seen.fromMs = fromMs;
      for (const [id, ms] of seen.told) if (ms < fromMs) seen.told.delete(id);
    }
  }
}

const OVERLAP_MS = 2_000;

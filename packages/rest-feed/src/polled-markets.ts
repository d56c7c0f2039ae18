import type { Event, MarketClosed, MarketResult, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import type { MarketNotice } from './rest-feed-options.ts';
import type { PolledMarket } from './rest-reads.ts';

const CLOSED: Readonly<Record<string, MarketClosed['reason']>> = {
  inactive: 'paused',
  closed: 'closed',
  determined: 'determined',
  disputed: 'determined',
  amended: 'determined',
  finalized: 'determined',
};

/** What the listing last said of each market, and what its next word means. */
export class PolledMarkets {
  readonly #last = new Map<Ticker, PolledMarket>();

  keepOnly(wanted: ReadonlySet<Ticker>): void {
    for (const ticker of this.#last.keys()) if (!wanted.has(ticker)) this.#last.delete(ticker);
  }

  /** @returns true when the market has traded since the listing before */
  hasTraded(ticker: Ticker, market: PolledMarket): boolean {
    return this.#last.get(ticker)?.volume_fp !== market.volume_fp;
  }

  /** @param touch of the book, which is newer than the listing's own */
  see(
    ticker: Ticker,
    market: PolledMarket,
    touch: { readonly bid: Price; readonly ask: Price },
    atMs: Timestamp,
  ): { readonly events: readonly Event[]; readonly notice: MarketNotice | null } {
    const last = this.#last.get(ticker);
    this.#last.set(ticker, market);
    const events: Event[] = [];
    if (last === undefined || hasNewNumbers(last, market)) {
      events.push({
        ...{ type: 'ticker.changed', ticker, ...touch, atMs },
        lastPrice: market.last_price_dollars,
        volume: market.volume_fp,
        openInterest: market.open_interest_fp,
      });
    }
    if (last === undefined) return { events, notice: null };
    const reason = CLOSED[market.status];
    if (reason !== undefined && reason !== CLOSED[last.status]) {
      events.push({ type: 'market.closed', ticker, reason, atMs });
    }
    // The payout may be listed later than the status.
    const settlementPrice = market.settlement_value_dollars;
    if (isSettled(market) && !isSettled(last) && settlementPrice !== null) {
      events.push({ type: 'market.settled', ticker, result: resultOf(market), settlementPrice, atMs });
    }
    return { events, notice: noticeOf(ticker, last, market) };
  }
}

function hasNewNumbers(last: PolledMarket, market: PolledMarket): boolean {
  return (
    last.volume_fp !== market.volume_fp ||
    last.open_interest_fp !== market.open_interest_fp ||
    last.last_price_dollars !== market.last_price_dollars
  );
}

function isSettled(market: PolledMarket): boolean {
  return market.status === 'finalized' && market.settlement_value_dollars !== null;
}

function resultOf({ result }: PolledMarket): MarketResult {
  return result === 'yes' || result === 'no' ? result : 'scalar';
}

function noticeOf(ticker: Ticker, last: PolledMarket, market: PolledMarket): MarketNotice | null {
  const eventTicker = market.event_ticker;
  if (market.status === 'active' && last.status !== 'active')
    return { kind: 'activated', ticker, eventTicker };
  if (market.close_time !== last.close_time) return { kind: 'close_date_updated', ticker, eventTicker };
  return null;
}

import type { MarketDataEvent, Price, Side, Timestamp } from '@kalshi-mm/core';
import type { RecordedMarket } from './replay-feed.ts';

export interface LivePairingOptions {
  /** How long a fall of a level may wait for its print, and a print for its fall. @default 1000 */
  readonly graceMs?: number;
}

/** Puts live market data into a recorded market, for paper trading. */
export interface LivePairing {
  /** Move the exchange's clock to the event's time first. */
  absorb(event: MarketDataEvent): void;
}

interface Waiting {
  readonly side: Side;
  readonly price: Price;
  readonly count: number;
  readonly untilMs: number;
}

/**
 * On the live stream nothing says whether a level fell by a trade or by a cancel. A fall therefore waits for a print
 * of the same side, price and size (`graceMs`); if none comes it was a cancel. So a trade advances the queue once.
 */
export function createLivePairing(market: RecordedMarket, options: LivePairingOptions = {}): LivePairing {
  const graceMs = options.graceMs ?? 1000;
  const falls: Waiting[] = [];
  const prints: Waiting[] = [];

  const expire = (nowMs: Timestamp): void => {
    // Prints first: one that waits in vain must not tighten the bound that a cancel is put under.
    while (prints.length > 0 && prints[0]!.untilMs < nowMs) {
      const { side, price, count } = prints.shift()!;
      market.reviseToUnpaired(side, price, count);
    }
    while (falls.length > 0 && falls[0]!.untilMs < nowMs) {
      const { side, price, count } = falls.shift()!;
      market.reviseToCancel(side, price, count);
    }
  };
  const takeMatch = (list: Waiting[], side: Side, price: Price, count: number): boolean => {
    const at = list.findIndex((item) => item.side === side && item.price === price && item.count === count);
    if (at >= 0) list.splice(at, 1);
    return at >= 0;
  };

  return {
    absorb(event) {
      expire(event.atMs);
      const untilMs = event.atMs + graceMs;
      switch (event.type) {
        case 'book.changed': {
          const { side, price, delta } = event;
          if (delta < 0 && !takeMatch(prints, side, price, -delta)) {
            falls.push({ side, price, count: -delta, untilMs });
          }
          market.applyDelta(side, price, delta, delta < 0);
          return;
        }
        case 'trade.printed': {
          const { price, count, takerSide } = event;
          const side: Side = takerSide === 'bid' ? 'ask' : 'bid';
          if (!takeMatch(falls, side, price, count)) prints.push({ side, price, count, untilMs });
          market.applyTrade(price, count, takerSide, true);
          return;
        }
        case 'book.replaced':
          falls.length = 0;
          prints.length = 0;
          market.beginSnapshot();
          for (const { price, count } of event.bids) market.applyLevel('bid', price, count);
          for (const { price, count } of event.asks) market.applyLevel('ask', price, count);
          market.endSnapshot();
          return;
        case 'ticker.changed':
          return;
      }
    },
  };
}

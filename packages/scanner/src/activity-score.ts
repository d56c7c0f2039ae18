import { type MarketActivity, Price, type Ticker } from '@kalshi-mm/core';

/** A market and how busy it is; higher is busier. Comparable only within one call. */
export interface ActivityScore {
  readonly ticker: Ticker;
  readonly score: number;
}

/**
 * Scores markets as volume + liquidity + recency − spread, each 0 to 1:
 *
 * - volume: ln(1 + 24 h volume) over the largest of the list; the logarithm keeps one giant from hiding the rest
 * - liquidity: ln(1 + open interest) over the largest of the list
 * - recency: 1 when the last trade lies within the present best bid and ask, else 0 (a listing tells no trade time)
 * - spread: ask less bid in dollars; 1 when a side is empty
 */
export function scoreActivity(activity: readonly MarketActivity[]): readonly ActivityScore[] {
  let topVolume = 0;
  let topInterest = 0;
  for (const market of activity) {
    topVolume = Math.max(topVolume, Math.log1p(market.volume24hContracts));
    topInterest = Math.max(topInterest, Math.log1p(market.openInterestContracts));
  }
  return activity.map((market) => {
    const { bid, ask, lastPrice } = market;
    const twoSided = bid > Price.NO_BID && ask < Price.NO_ASK;
    const recent = twoSided && Price.isTradable(lastPrice) && lastPrice >= bid && lastPrice <= ask;
    return {
      ticker: market.ticker,
      score:
        share(Math.log1p(market.volume24hContracts), topVolume) +
        share(Math.log1p(market.openInterestContracts), topInterest) +
        (recent ? 1 : 0) -
        (twoSided ? (ask - bid) / Price.ONE : 1),
    };
  });
}

/** The `n` busiest markets, busiest first; equal scores in order of ticker, so that every machine agrees. */
export function topByActivity(n: number, activity: readonly MarketActivity[]): readonly Ticker[] {
  return [...scoreActivity(activity)]
    .sort((a, b) => b.score - a.score || (a.ticker < b.ticker ? -1 : a.ticker > b.ticker ? 1 : 0))
    .slice(0, n)
    .map((scored) => scored.ticker);
}

function share(value: number, top: number): number {
  return top === 0 ? 0 : value / top;
}

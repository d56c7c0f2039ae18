import { Money } from '@kalshi-mm/core';
import { z } from 'zod';
import type { RiskLimits } from './limits.ts';

const dollars = z.number().positive();

/** The `risk` section of a bot's configuration. */
export const RiskConfig = z
  .strictObject({
    global_risk_budget: dollars
      .default(60)
      .describe('Worst-case loss over all markets together, in dollars.'),
    per_market_cap: dollars.default(8).describe('Worst-case loss in one market, in dollars.'),
    category_caps: z
      .record(z.string(), dollars)
      .default({ crypto: 8, rates: 8, sports: 8, default: 8 })
      .describe('Worst-case loss per category over its markets, in dollars; `default` holds for the others.'),
    max_open_orders_per_market: z
      .int()
      .positive()
      .default(8)
      .describe('Orders that may be open at once in one market.'),
  })
  .describe(
    'Hard limits, checked before every order; cancels and orders that only reduce a position always pass.',
  );

export type RiskConfig = z.infer<typeof RiskConfig>;

/**
 * The limits that `review` applies.
 *
 * @param maxRestingDollars collateral that may be locked in resting orders over all markets
 */
export function riskLimits(config: RiskConfig, maxRestingDollars: number): RiskLimits {
  return {
    globalBudget: Money.fromDollars(config.global_risk_budget),
    perMarketCap: Money.fromDollars(config.per_market_cap),
    categoryCaps: Object.fromEntries(
      Object.entries(config.category_caps).map(([category, cap]) => [category, Money.fromDollars(cap)]),
    ),
    maxRestingValue: Money.fromDollars(maxRestingDollars),
    maxOpenOrdersPerMarket: config.max_open_orders_per_market,
  };
}

import { type Count, Money } from '@kalshi-mm/core';

/** Hard limits checked before every order. Money in core units; see `RiskConfig` for the configuration keys. */
export interface RiskLimits {
  /** Worst-case loss over all markets together. */
  readonly globalBudget: Money;
  /** Worst-case loss in one market. */
  readonly perMarketCap: Money;
  /** Worst-case loss per category, over its markets; `default` holds for the rest. */
  readonly categoryCaps: Readonly<Record<string, Money>>;
  /** Collateral that may be locked in resting orders. */
  readonly maxRestingValue: Money;
  /** Orders open at once in one market. */
  readonly maxOpenOrdersPerMarket: number;
}

/** The facts about a market that a limit depends on. */
export interface MarketLimits {
  /** Limit of |position| including everything that may still be filled. */
  readonly maxPosition: Count;
  readonly category: string;
}

/** Cautious values for an account of $100. */
export const defaultRiskLimits: RiskLimits = {
  globalBudget: Money.fromDollars(60),
  perMarketCap: Money.fromDollars(8),
  categoryCaps: { default: Money.fromDollars(8) },
  maxRestingValue: Money.fromDollars(10_000),
  maxOpenOrdersPerMarket: 8,
};

/** The cap of a category, falling back to `default`, else to the global budget. */
export function categoryCap(limits: RiskLimits, category: string): Money {
  return limits.categoryCaps[category] ?? limits.categoryCaps.default ?? limits.globalBudget;
}

import { Money } from '@kalshi-mm/core';

export interface BudgetInput {
  /** Liquidity measure of the market, in contracts. */
  readonly liquidityContracts: number;
  readonly activeMarkets: number;
  /** Dollars per √contract. */
  readonly alpha: number;
  readonly perMarketCap: Money;
  readonly globalBudget: Money;
  readonly categoryCap: Money;
  readonly daysToClose: number;
  /** Markets that close later than this get `longDatedFactor`. */
  readonly longDatedDays: number;
  readonly longDatedFactor: number;
}

/**
 * Worst-case loss that one market may reach (seed 001): min(α·√liquidity, market cap, global budget ÷ active
 * markets, category cap), less the haircut for long-dated markets. Rounded down to the cent.
 */
export function marketBudget(input: BudgetInput): Money {
  const liquidity = Money.fromDollars(input.alpha * Math.sqrt(Math.max(0, input.liquidityContracts)));
  const share = Math.floor(input.globalBudget / Math.max(1, input.activeMarkets));
  const budget = Math.min(liquidity, input.perMarketCap, share, input.categoryCap);
  const factor = input.daysToClose > input.longDatedDays ? input.longDatedFactor : 1;
  const cents = Math.floor((budget * factor) / Money.CENT);
  return Money.of(cents * Money.CENT);
}

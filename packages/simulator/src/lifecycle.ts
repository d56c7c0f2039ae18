import {
  type Market,
  type MarketResult,
  MmError,
  type Price,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import type { ExchangeOutput } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { ListedMarket, Outcome } from './listed-market.ts';
import { cancelResting } from './order-entry.ts';

type MarketChange = Extract<ExchangeOutput, { type: 'market' }>['change'];

/** Puts a market on the exchange and plans its opening, its close and, when the outcome is known, its end. */
export function listMarket(state: ExchangeState, listed: ListedMarket): void {
  const { market } = listed;
  const { nowMs } = state;
  if (state.markets.has(market.ticker)) {
    throw new MmError('market-listed-twice', `Market ${market.ticker} is listed already`, {
      todo: 'List every ticker once.',
    });
  }
  state.shards.add(market.exchangeIndex);
  state.markets.set(market.ticker, listed);
  const status = nowMs < market.openMs ? 'initialized' : nowMs < market.closeMs ? 'active' : 'closed';
  const fees = state.eventFees.get(market.eventTicker) ?? market.fees;
  listed.market = { ...market, fees, status, result: null, settlementPrice: null, settledMs: null };
  state.emit({ type: 'market', change: 'created', market: listed.market, atMs: nowMs });
  if (status === 'initialized') {
    state.schedule.add(market.openMs, () => {
      if (listed.market.status === 'initialized') setStatus(state, listed, 'active', 'activated');
    });
  }
  planClose(state, listed);
}

function planClose(state: ExchangeState, listed: ListedMarket): void {
  const { closeMs } = listed.market;
  state.schedule.add(Math.max(closeMs, state.nowMs), () => {
    // A moved close time leaves the old plan behind.
    if (listed.market.closeMs === closeMs) closeMarket(state, listed);
  });
}

/** Stops trading: everything resting goes, later order actions meet `market_inactive`. */
function closeMarket(state: ExchangeState, listed: ListedMarket): void {
  const { status } = listed.market;
  if (status === 'active' || status === 'inactive' || status === 'initialized') {
    setStatus(state, listed, 'closed', 'closed');
    cancelMarketOrders(state, listed, 'CloseCancel');
  }
  if (listed.outcome !== null) planSettlement(state, listed, listed.outcome);
}

function planSettlement(state: ExchangeState, listed: ListedMarket, outcome: Outcome): void {
  const timer = listed.settlementTimerMs;
  const settleMs = Math.max(listed.recordedSettledMs ?? state.nowMs + timer, state.nowMs);
  const determineMs = Math.max(settleMs - timer, state.nowMs);
  const { plan } = listed;
  state.schedule.add(determineMs, () => {
    if (listed.plan === plan && listed.market.status === 'closed') {
      determine(state, listed, outcome, settleMs);
    }
  });
}

/** Sets the result; the money follows when the timer has run. @throws MmError when it is determined already */
export function determine(
  state: ExchangeState,
  listed: ListedMarket,
  outcome: Outcome,
  settleMs: number = state.nowMs + listed.settlementTimerMs,
): void {
  if (listed.market.status !== 'closed') closeMarket(state, listed);
  if (listed.market.status !== 'closed') {
    throw new MmError('market-determined-twice', `Market ${listed.market.ticker} has a result already`);
  }
  giveResult(state, listed, outcome, 'determined', settleMs);
}

/** Challenges a result: the settlement timer stops. @throws MmError `market-not-determined` */
export function dispute(state: ExchangeState, listed: ListedMarket): void {
  if (listed.market.status === 'disputed') return;
  checkUnpaid(listed);
  listed.plan++;
  setStatus(state, listed, 'disputed', 'disputed');
}

/** Replaces a result that has not been paid; the settlement timer starts again. @throws MmError `market-not-determined` */
export function redetermine(state: ExchangeState, listed: ListedMarket, outcome: Outcome): void {
  checkUnpaid(listed);
  giveResult(state, listed, outcome, 'amended', state.nowMs + listed.settlementTimerMs);
}

function checkUnpaid(listed: ListedMarket): void {
  const { ticker, status } = listed.market;
  if (status === 'determined' || status === 'disputed' || status === 'amended') return;
  throw new MmError('market-not-determined', `Market ${ticker} has no result that is still to be paid`, {
    facts: { status },
    todo: 'Dispute or amend between determination and settlement.',
  });
}

function giveResult(
  state: ExchangeState,
  listed: ListedMarket,
  outcome: Outcome,
  status: 'determined' | 'amended',
  settleMs: number,
): void {
  listed.outcome = outcome;
  listed.market = { ...listed.market, result: outcome.result, settlementPrice: outcome.settlementPrice };
  const plan = ++listed.plan;
  setStatus(state, listed, status, status);
  state.schedule.add(settleMs, () => {
    if (listed.plan === plan) settle(state, listed, outcome);
  });
}

function settle(state: ExchangeState, listed: ListedMarket, outcome: Outcome): void {
  listed.market = { ...listed.market, settledMs: state.nowMs };
  setStatus(state, listed, 'finalized', 'settled');
  const { ticker } = listed.market;
  for (const account of state.accounts.values()) {
    const holding = account.holdings.get(ticker);
    // The house keeps no history.
    if (account.house) account.holdings.delete(ticker);
    if (holding === undefined || holding.position === 0) continue;
    const position = holding.position;
    const worth = holding.settle(outcome.settlementPrice);
    // Payouts land on the precision of balances; the crumbs of a scalar result stay with the exchange.
    const revenue = worth - (worth % state.rounding.balancePrecision);
    holding.purse.cash += revenue;
    state.feesCollected += worth - revenue;
    holding.realizedPnl -= worth - revenue;
    holding.updatedMs = state.nowMs;
    if (account.house) continue;
    const settlement = {
      ticker,
      result: outcome.result,
      position: position as never,
      settlementPrice: outcome.settlementPrice,
      revenue: revenue as never,
      atMs: state.nowMs,
    };
    account.settlements.push(settlement);
    state.emit({ type: 'settlement', userId: account.userId, settlement });
    state.emit({
      type: 'position',
      userId: account.userId,
      position: holding.snapshot(),
      atMs: state.nowMs,
    });
  }
  listed.openInterest = 0;
}

/** Pauses or reactivates one market; a reactivated market starts with an empty book. */
export function setMarketActive(state: ExchangeState, listed: ListedMarket, active: boolean): void {
  const { status } = listed.market;
  if (!active && status === 'active') {
    setStatus(state, listed, 'inactive', 'deactivated');
    cancelMarketOrders(state, listed, 'HaltCancel', true);
  } else if (active && status === 'inactive') {
    cancelMarketOrders(state, listed, 'HaltCancel');
    setStatus(state, listed, 'active', 'activated');
  }
}

/**
 * Moves the close; in the past means now. A closed market without a result opens again when its close moves to the
 * future. @throws MmError `market-determined`
 */
export function setCloseTime(state: ExchangeState, listed: ListedMarket, closeMs: Timestamp): void {
  const { ticker, status } = listed.market;
  if (status !== 'initialized' && status !== 'active' && status !== 'inactive' && status !== 'closed') {
    throw new MmError('market-determined', `Market ${ticker} has a result; its close cannot move`, {
      facts: { status },
    });
  }
  listed.market = { ...listed.market, closeMs };
  state.emit({ type: 'market', change: 'close-date', market: listed.market, atMs: state.nowMs });
  if (closeMs <= state.nowMs) {
    closeMarket(state, listed);
    return;
  }
  if (status === 'closed') {
    listed.plan++;
    setStatus(state, listed, 'active', 'activated');
  }
  planClose(state, listed);
}

function cancelMarketOrders(
  state: ExchangeState,
  listed: ListedMarket,
  reason: 'CloseCancel' | 'HaltCancel',
  onlyCancelOnPause = false,
): void {
  for (const order of [...listed.resting]) {
    if (!onlyCancelOnPause || order.cancelOnPause) cancelResting(state, order, reason);
  }
}

export function outcomeOf(
  ticker: Ticker,
  result: MarketResult | null,
  settlementPrice: Price | null,
): Outcome | null {
  if (result === null) return null;
  if (result === 'yes') return { result, settlementPrice: 10_000 as Price };
  if (result === 'no') return { result, settlementPrice: 0 as Price };
  if (settlementPrice === null) {
    throw new MmError('settlement-price-missing', `Market ${ticker} has a scalar result without a price`, {
      todo: 'Give the settlement price of one YES contract.',
    });
  }
  return { result, settlementPrice };
}

function setStatus(
  state: ExchangeState,
  listed: ListedMarket,
  status: Market['status'],
  change: MarketChange,
): void {
  listed.market = { ...listed.market, status };
  state.emit({ type: 'market', change, market: listed.market, atMs: state.nowMs });
}

import { type FeeSchedule, MmError, PriceGrid } from '@kalshi-mm/core';
import type { ExchangeState } from './exchange-state.ts';
import type { Holding } from './holding.ts';
import type { ListedMarket } from './listed-market.ts';
import { cancelResting, reserveOf } from './order-entry.ts';
import type { MarketUpdate } from './simulated-exchange.ts';

/** Changes what a market is called, or what it charges, while it trades. */
export function updateMarket(state: ExchangeState, listed: ListedMarket, change: MarketUpdate): void {
  const { fees, grid, ...described } = change;
  if (Object.keys(described).length > 0) {
    listed.market = { ...listed.market, ...described };
    state.emit({ type: 'market', change: 'metadata', market: listed.market, atMs: state.nowMs });
  }
  if (grid !== undefined && grid !== listed.market.grid) setGrid(state, listed, grid);
  if (fees === undefined) return;
  listed.listedFees = fees;
  if (!state.eventFees.has(listed.market.eventTicker)) setFees(state, listed, fees);
}

/** Overrides the fees of an event's markets, or (null) lets their own hold again. */
export function setEventFees(state: ExchangeState, eventTicker: string, fees: FeeSchedule | null): void {
  if (fees === null) state.eventFees.delete(eventTicker);
  else state.eventFees.set(eventTicker, fees);
  state.emit({ type: 'event-fees', eventTicker, fees, atMs: state.nowMs });
  for (const listed of state.markets.values()) {
    if (listed.market.eventTicker === eventTicker) setFees(state, listed, fees ?? listed.listedFees);
  }
}

/** Orders at prices that are no more go first. */
function setGrid(state: ExchangeState, listed: ListedMarket, grid: PriceGrid): void {
  const { ticker } = listed.market;
  if (listed.engine.regrid === null) {
    throw new MmError('grid-recorded', `The grid of market ${ticker} is its recording's and cannot change`);
  }
  for (const order of [...listed.resting]) {
    if (!PriceGrid.isOnGrid(grid, order.price)) cancelResting(state, order, 'HaltCancel');
  }
  listed.engine.regrid(grid);
  listed.market = { ...listed.market, grid };
  state.emit({ type: 'market', change: 'grid', market: listed.market, atMs: state.nowMs });
}

/** Fills are charged so from now on, and what rests holds back the new worst fee. */
function setFees(state: ExchangeState, listed: ListedMarket, fees: FeeSchedule): void {
  const { fees: before } = listed.market;
  if (before.type === fees.type && before.multiplierMicros === fees.multiplierMicros) return;
  listed.market = { ...listed.market, fees };
  listed.forgetFees();
  const holdings = new Set<Holding>();
  for (const order of listed.resting) {
    const holding = state.accounts.get(order.userId)!.holding(listed.market);
    holding.changeReserve(order, reserveOf(listed, order));
    holdings.add(holding);
  }
  for (const holding of holdings) holding.refresh();
  state.emit({ type: 'market', change: 'fees', market: listed.market, atMs: state.nowMs });
}

import type { PriceGrid } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import type { ExchangeState } from './exchange-state.ts';
import type { ListedMarket } from './listed-market.ts';
import type { MarketEngine } from './market-engine.ts';
import { MatchingEngine } from './matching-engine.ts';
import type { Order } from './order.ts';

/** How long a settled market's trades stay, and a user's orders that ended without a fill. */
const KEPT_TRADES_MS = 24 * 3_600_000;
const KEPT_ORDERS_MS = 24 * 3_600_000;
/** How long the record of a settled market stays in which no user ever had an order. */
const KEPT_RECORDS_MS = 7 * 24 * 3_600_000;

/**
 * Lets go what an exchange that runs for ever would pile up. A settled market gives up its book and queues at once and
 * its trades after a day; a week later its record goes too, unless a user had an order in it. Orders of users that
 * ended without a fill go after a day. What users have traded, and their client order ids, stay.
 */
export function sweepSettled(state: ExchangeState): void {
  const { nowMs } = state;
  for (const [ticker, listed] of state.markets) {
    const { status, settledMs, grid } = listed.market;
    if (status !== 'finalized' || settledMs === null) continue;
    if (listed.engine instanceof MatchingEngine) {
      listed.engine = retiredEngine(grid);
      listed.forgetFees();
    }
    if (nowMs - settledMs > KEPT_TRADES_MS) listed.trades.length = 0;
    if (nowMs - settledMs > KEPT_RECORDS_MS && !concernsUser(state, listed)) state.markets.delete(ticker);
  }
  for (const account of state.accounts.values()) {
    if (account.house) continue;
    const { orders } = account;
    let kept = 0;
    for (const order of orders) {
      if (isStale(order, nowMs)) state.orders.delete(order.orderId);
      else orders[kept++] = order;
    }
    orders.length = kept;
  }
}

function isStale({ status, filled, updatedMs }: Order, nowMs: number): boolean {
  return status === 'canceled' && filled === 0 && nowMs - updatedMs > KEPT_ORDERS_MS;
}

function concernsUser(state: ExchangeState, { market }: ListedMarket): boolean {
  for (const account of state.accounts.values()) {
    if (!account.house && account.holdings.has(market.ticker)) return true;
  }
  return false;
}

/** Of a market that will never trade again: an empty book that all of its grid share. */
function retiredEngine(grid: PriceGrid): MarketEngine {
  let engine = retired.get(grid);
  if (engine === undefined) {
    engine = {
      book: new OrderBook(grid),
      bookKnown: true,
      crosses: () => false,
      probe: () => ({ fillable: 0, meetsOwn: false }),
      take: () => 'done',
      rest() {},
      remove() {},
      reduce() {},
      regrid: null,
      ahead: () => 0,
      resume() {},
      restingOrders: () => [],
    };
    retired.set(grid, engine);
  }
  return engine;
}

const retired = new WeakMap<PriceGrid, MarketEngine>();

import {
  Count,
  Holding,
  type MarketSettled,
  Money,
  type OrderFilled,
  Position,
  Price,
  Side,
  type Ticker,
} from '@kalshi-mm/core';
import type { Selectable } from 'kysely';
import type { OrderFillsTable, TradesTable } from './database.ts';
import { takeFills } from './project-orders.ts';
import type { Projection } from './projection.ts';
import { YesAction } from './yes-action.ts';

type FillRow = Selectable<OrderFillsTable>;
type TradeRow = Selectable<TradesTable>;

/** Books a fill once: its row, its order, its trade and the new position. */
export function projectFilled(p: Projection, event: OrderFilled): void {
  const { fill } = event;
  const row: FillRow = {
    account: p.account,
    fill_id: fill.fillId,
    order_id: fill.orderId,
    client_order_id: fill.clientOrderId,
    run_id: p.record.runId,
    sequence: p.record.sequence,
    market_ticker: fill.ticker,
    ...YesAction.of(fill.side),
    price_e4: fill.price,
    count_e2: fill.count,
    fee_e6: fill.fee,
    role: fill.role,
    exchange_ms: fill.exchangeMs,
    received_ms: event.atMs,
  };
  if (!p.store.insert('order_fills', row)) return;
  const order = { account: p.account, order_id: fill.orderId };
  const clientOrderId = fill.clientOrderId ?? p.store.first('orders', order)?.client_order_id;
  if (clientOrderId !== undefined) takeFills(p, clientOrderId, fill.orderId);
  const last = lastTrade(p, fill.ticker);
  const market = { account: p.account, market_ticker: fill.ticker };
  const late = last !== undefined && last.at_ms > fill.exchangeMs;
  if (late || p.store.first('settlements', market) !== undefined) rebuildTrades(p, fill.ticker);
  else appendFill(p, last, row);
  notePosition(p, fill.ticker);
}

/** Closes the position at the payout. A repeated settlement with another price replaces the first. */
export function projectSettled(p: Projection, event: MarketSettled): void {
  const key = { account: p.account, market_ticker: event.ticker };
  const traded = p.store.first('trades', key) ?? p.store.first('orders', key);
  if (traded === undefined) return;
  const values = {
    run_id: p.record.runId,
    result: event.result,
    settlement_price_e4: event.settlementPrice,
    settled_ms: event.atMs,
  };
  const known = p.store.first('settlements', key);
  if (known === undefined) p.store.insert('settlements', { ...key, ...values });
  else if (known.settlement_price_e4 === event.settlementPrice) return;
  else p.store.update('settlements', key, values);
  if (p.store.first('trades', key) === undefined) return;
  rebuildTrades(p, event.ticker);
  notePosition(p, event.ticker);
}

/** Derives a market's trades anew, in the exchange's order: after a fill that came late, or a settlement. */
function rebuildTrades(p: Projection, ticker: Ticker): void {
  const key = { account: p.account, market_ticker: ticker };
  p.store.remove('trades', key);
  let last: TradeRow | undefined;
  for (const row of p.store.all('order_fills', key, FILL_ORDER)) last = appendFill(p, last, row);
  const settlement = p.store.first('settlements', key);
  if (settlement === undefined || last === undefined || last.position_after_e2 === 0) return;
  const before = holdingOf(last);
  const price = Price.of(settlement.settlement_price_e4);
  appendTrade(p, last, Holding.afterSettlement(before, price), {
    ...key,
    kind: 'settlement',
    run_id: settlement.run_id,
    fill_id: null,
    order_id: null,
    ...YesAction.of(before.position > 0 ? 'ask' : 'bid'),
    price_e4: price,
    quantity_e2: Math.abs(before.position),
    fee_e6: 0,
    at_ms: settlement.settled_ms,
  });
}

/** The exchange's order of fills; within a millisecond the order in which they arrived. */
const FILL_ORDER = 'exchange_ms, received_ms, run_id, sequence';

function appendFill(p: Projection, last: TradeRow | undefined, fill: FillRow): TradeRow {
  const side = Side.of(fill.action === 'buy' ? 'buy' : 'sell', 'yes');
  const after = Holding.afterFill(
    holdingOf(last),
    side,
    Price.of(fill.price_e4),
    Count.of(fill.count_e2),
    Money.of(fill.fee_e6),
  );
  return appendTrade(p, last, after, {
    account: fill.account,
    market_ticker: fill.market_ticker,
    kind: 'fill',
    run_id: fill.run_id,
    fill_id: fill.fill_id,
    order_id: fill.order_id,
    action: fill.action,
    side: fill.side,
    price_e4: fill.price_e4,
    quantity_e2: fill.count_e2,
    fee_e6: fill.fee_e6,
    at_ms: fill.exchange_ms,
  });
}

type TradeFacts = Omit<TradeRow, 'trade_no' | 'realized_pnl_e6' | 'position_after_e2' | 'cost_after_e6'>;

function appendTrade(p: Projection, last: TradeRow | undefined, after: Holding, facts: TradeFacts): TradeRow {
  const row: TradeRow = {
    ...facts,
    trade_no: (last?.trade_no ?? 0) + 1,
    realized_pnl_e6: after.realizedPnl,
    position_after_e2: after.position,
    cost_after_e6: after.cost,
  };
  p.store.insert('trades', row);
  return row;
}

function lastTrade(p: Projection, ticker: Ticker): TradeRow | undefined {
  return p.store.first('trades', { account: p.account, market_ticker: ticker }, 'trade_no desc');
}

/** What was held after a trade, with the gains of earlier trades left out. */
function holdingOf(trade: TradeRow | undefined): Holding {
  if (trade === undefined) return Holding.EMPTY;
  return {
    ...Holding.EMPTY,
    position: Position.of(trade.position_after_e2),
    cost: Money.of(trade.cost_after_e6),
  };
}

function notePosition(p: Projection, ticker: Ticker): void {
  const holding = holdingOf(lastTrade(p, ticker));
  p.store.insert('position_history', {
    run_id: p.record.runId,
    sequence: p.record.sequence,
    account: p.account,
    market_ticker: ticker,
    at_ms: p.record.atMs,
    position_e2: holding.position,
    unrealized_pnl_e6: unrealizedPnl(p, ticker, holding),
  });
}

function unrealizedPnl(p: Projection, ticker: Ticker, holding: Holding): Money | null {
  if (holding.position === 0) return Money.ZERO;
  const touch = p.touches.get(ticker);
  if (touch === undefined) return null;
  const exit = holding.position > 0 ? touch.bid : touch.ask;
  if (exit === Price.NO_BID || exit === Price.NO_ASK) return null;
  return Money.subtract(Holding.payout(holding.position, exit), holding.cost);
}

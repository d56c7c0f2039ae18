import { Count, Money, Side, Ticker, type Timestamp } from '@kalshi-mm/core';
import type { Exchange } from '@kalshi-mm/simulator';
import { fillJson } from '../wire/fill-json.ts';
import { unixSeconds } from '../wire/iso-time.ts';
import { eventPositionJson, positionJson } from '../wire/position-json.ts';
import { settlementJson } from '../wire/settlement-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, laggingRead, ok, type RestCall } from './endpoint.ts';
import { pageOf } from './page.ts';
import { type QueryReader, queryOf, refuseSubaccounts } from './query.ts';

/** Cash, positions, fills and settlements of whoever signed. */
export const portfolioEndpoints: readonly Endpoint[] = [
  laggingRead('/portfolio/balance', 'signed', balance),
  laggingRead('/portfolio/positions', 'signed', (call) => positionsPage(call, 'GetPositions')),
  laggingRead('/portfolio/fills', 'signed', (call) => fillsPage(call, 'GetFills')),
  laggingRead('/portfolio/settlements', 'signed', settlements),
];

function balance(call: RestCall) {
  refuseSubaccounts(call);
  const { exchange, userId } = call;
  const shard = queryOf(call, 'GetBalance').integer('exchange_index', -1, 1_000);
  const held = exchange.balance(userId, shard === null || shard < 0 ? undefined : shard);
  if (held === null) throw ApiError.nested(404, 'user_not_found');
  return ok({
    balance: Math.trunc(held.cash / Money.CENT),
    balance_dollars: dollars(held.cash),
    portfolio_value: Math.trunc(portfolioValue(exchange, userId) / Money.CENT),
    updated_ts: unixSeconds(exchange.nowMs),
    // A pool that serves every shard is shown once, so that the rows add up to the balance.
    balance_breakdown: exchange.shardBalances(userId).map(({ exchangeIndex, cash }) => ({
      exchange_index: exchangeIndex ?? poolShard(exchange),
      balance: dollars(cash),
    })),
  });
}

/** Balances are kept at $0.0001, so cutting the last two digits of the money unit loses nothing. */
export function dollars(amount: Money): string {
  return Money.format(amount).slice(0, -2);
}

/** The shard of the markets if they share one, else 0. */
export function poolShard(exchange: Exchange): number {
  const shards = new Set(exchange.markets().map((market) => market.exchangeIndex));
  return shards.size === 1 ? [...shards][0]! : 0;
}

/** Open positions at their market's last price, at cost where nothing traded yet. */
function portfolioValue(exchange: Exchange, userId: string): Money {
  let total: Money = Money.ZERO;
  for (const { ticker, position, exposure } of exchange.positions(userId)) {
    if (position === 0) continue;
    const last = exchange.statistics(ticker).lastPrice;
    const side = position > 0 ? 'bid' : 'ask';
    const value =
      last === null ? exposure : Money.notional(Side.cost(side, last), Count.of(Math.abs(position)));
    total = Money.add(total, value);
  }
  return total;
}

/** Positions of the live or the historical tier. */
export function positionsPage(call: RestCall, operation: 'GetPositions' | 'GetHistoricalPositions') {
  refuseSubaccounts(call);
  const { exchange, userId } = call;
  const query = queryOf(call, operation);
  const ticker = query.text('ticker');
  const event = query.text('event_ticker');
  const nonZero = query.list('count_filter');
  const eventOf = (of: Ticker): string => exchange.market(of)?.eventTicker ?? '';
  const all = exchange
    .positions(userId)
    .filter(
      (held) =>
        isArchived(call, held.ticker) === (operation === 'GetHistoricalPositions') &&
        (ticker === null || held.ticker === ticker) &&
        (event === null || eventOf(held.ticker) === event) &&
        (nonZero === null ||
          (nonZero.includes('position') && held.position !== 0) ||
          (nonZero.includes('total_traded') && held.totalTraded !== 0)),
    );
  const page = pageOf(query, all, (held) => held.ticker);
  const events = Map.groupBy(page.items, (held) => eventOf(held.ticker));
  return ok({
    cursor: page.cursor,
    market_positions: page.items.map((held) => positionJson(held, shardOf(exchange, held.ticker))),
    event_positions: [...events].map(([name, held]) => eventPositionJson(name, held)),
  });
}

/** Fills of the live or the historical tier. */
export function fillsPage(call: RestCall, operation: 'GetFills' | 'GetFillsHistorical') {
  refuseSubaccounts(call);
  const { exchange, userId } = call;
  const query = queryOf(call, operation);
  const ticker = query.text('ticker');
  const orderId = query.text('order_id');
  const inTime = timeFilter(query);
  const all = exchange
    .fills(userId)
    .filter(
      (fill) =>
        fill.atMs < call.records.cutoffMs === (operation === 'GetFillsHistorical') &&
        (ticker === null || fill.ticker === ticker) &&
        (orderId === null || fill.orderId === orderId) &&
        inTime(fill.atMs),
    )
    .reverse();
  const page = pageOf(query, all, (fill) => `${fill.fillId}/${fill.orderId}`);
  const rows = page.items.map((fill) => fillJson(fill, shardOf(exchange, fill.ticker)));
  return ok({ fills: rows, cursor: page.cursor });
}

function isArchived(call: RestCall, ticker: Ticker): boolean {
  const market = call.exchange.market(ticker);
  return market !== null && call.records.isArchived(market);
}

function settlements(call: RestCall) {
  refuseSubaccounts(call);
  const { exchange, userId } = call;
  const query = queryOf(call, 'GetSettlements');
  const ticker = query.text('ticker');
  const event = query.text('event_ticker');
  const inTime = timeFilter(query);
  const all = exchange
    .settlements(userId)
    .filter(
      (row) =>
        (ticker === null || row.ticker === ticker) &&
        (event === null || exchange.market(row.ticker)?.eventTicker === event) &&
        inTime(row.atMs),
    )
    .reverse();
  const page = pageOf(query, all, (row) => row.ticker);
  const own = Map.groupBy(exchange.fills(userId), (fill) => fill.ticker);
  const rows = page.items.map((row) =>
    settlementJson(row, exchange.market(row.ticker), own.get(row.ticker) ?? []),
  );
  return ok({ settlements: rows, cursor: page.cursor });
}

/** `min_ts` and `max_ts`. */
export function timeFilter(query: QueryReader): (atMs: Timestamp) => boolean {
  const least = query.seconds('min_ts');
  const most = query.seconds('max_ts');
  return (atMs) => (least === null || atMs >= least) && (most === null || atMs <= most);
}

export function shardOf(exchange: Exchange, ticker: string): number {
  return exchange.market(Ticker.of(ticker))?.exchangeIndex ?? 0;
}

import { Count, Money, Side, Ticker, type Timestamp } from '@kalshi-mm/core';
import type { Exchange, UserId } from '@kalshi-mm/simulator';
import { fillJson } from '../wire/fill-json.ts';
import { unixSeconds } from '../wire/iso-time.ts';
import { eventPositionJson, positionJson } from '../wire/position-json.ts';
import { settlementJson } from '../wire/settlement-json.ts';
import { merged, queryAccount, queryAccounts } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, laggingRead, ok, type RestCall } from './endpoint.ts';
import { pageOf } from './page.ts';
import { type QueryReader, queryOf } from './query.ts';

/** Cash, positions, fills and settlements of whoever signed. */
export const portfolioEndpoints: readonly Endpoint[] = [
  { ...laggingRead('/portfolio/balance', 'signed', balance), scope: 'read::portfolio_balance' },
  laggingRead('/portfolio/positions', 'signed', (call) => positionsPage(call, 'GetPositions')),
  laggingRead('/portfolio/fills', 'signed', (call) => fillsPage(call, 'GetFills')),
  laggingRead('/portfolio/settlements', 'signed', settlements),
];

function balance(call: RestCall) {
  const { exchange } = call;
  const userId = queryAccount(call, 'GetBalance');
  const query = queryOf(call, 'GetBalance');
  const shard = query.integer('exchange_index', -1, 1_000) ?? -1;
  const held = exchange.balance(userId, shard < 0 ? undefined : shard);
  if (held === null) throw ApiError.nested(404, 'user_not_found');
  return ok({
    balance: Math.trunc(held.cash / Money.CENT),
    balance_dollars: dollars(held.cash),
    portfolio_value: Math.trunc(portfolioValue(exchange, userId, shardFilter(call, query)) / Money.CENT),
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
function portfolioValue(exchange: Exchange, userId: string, isCounted: (of: Ticker) => boolean): Money {
  let total: Money = Money.ZERO;
  for (const { ticker, position, exposure } of exchange.positions(userId)) {
    if (position === 0 || !isCounted(ticker)) continue;
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
  const { exchange } = call;
  const userId = queryAccount(call, operation);
  const query = queryOf(call, operation);
  const ticker = query.text('ticker');
  const event = query.text('event_ticker');
  const settled = query.oneOf('settlement_status', ['unsettled', 'settled', 'all']);
  const isShown = (of: Ticker): boolean =>
    operation === 'GetHistoricalPositions' ||
    settled === 'all' ||
    (exchange.market(of)?.status === 'finalized') === (settled === 'settled');
  const onShard = shardFilter(call, query);
  const nonZero = query.listOf('count_filter', ['position', 'total_traded']);
  const eventOf = (of: Ticker): string => exchange.market(of)?.eventTicker ?? '';
  const all = exchange
    .positions(userId)
    .filter(
      (held) =>
        isArchived(call, held.ticker) === (operation === 'GetHistoricalPositions') &&
        isShown(held.ticker) &&
        onShard(held.ticker) &&
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
  const { exchange } = call;
  const query = queryOf(call, operation);
  const accounts = queryAccounts(call, operation);
  const ticker = query.text('ticker');
  const onShard = shardFilter(call, query);
  const orderId = query.text('order_id');
  const inTime = timeFilter(query);
  const all = merged(accounts, exchange.fills, (fill) => fill.atMs)
    .filter(
      (fill) =>
        fill.atMs < call.records.cutoffMs === (operation === 'GetFillsHistorical') &&
        (ticker === null || fill.ticker === ticker) &&
        (orderId === null || fill.orderId === orderId) &&
        onShard(fill.ticker) &&
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
  const { exchange } = call;
  const query = queryOf(call, 'GetSettlements');
  const accounts = queryAccounts(call, 'GetSettlements');
  const ticker = query.text('ticker');
  const event = query.text('event_ticker');
  const inTime = timeFilter(query);
  const rowsOf = (account: UserId) => exchange.settlements(account).map((row) => ({ account, row }));
  const all = merged(accounts, rowsOf, ({ row }) => row.atMs)
    .filter(
      ({ row }) =>
        (ticker === null || row.ticker === ticker) &&
        (event === null || exchange.market(row.ticker)?.eventTicker === event) &&
        inTime(row.atMs),
    )
    .reverse();
  const page = pageOf(query, all, ({ account, row }) => `${row.ticker}/${account}`);
  const key = (account: UserId, of: Ticker): string => `${of}/${account}`;
  const own = Map.groupBy(
    accounts.flatMap((account) => exchange.fills(account)),
    (fill) => key(fill.userId, fill.ticker),
  );
  const rows = page.items.map(({ account, row }) =>
    settlementJson(row, exchange.market(row.ticker), own.get(key(account, row.ticker)) ?? []),
  );
  return ok({ settlements: rows, cursor: page.cursor });
}

/** `exchange_index`. */
export function shardFilter({ exchange }: RestCall, query: QueryReader): (ticker: Ticker) => boolean {
  const shard = query.integer('exchange_index', -1, 1_000) ?? -1;
  return (ticker) => shard < 0 || exchange.market(ticker)?.exchangeIndex === shard;
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

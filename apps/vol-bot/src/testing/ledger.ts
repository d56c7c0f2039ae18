import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Money, Side } from '@kalshi-mm/core';
import { type Bench, BOT, CASH_DOLLARS } from './bench.ts';

/** An account in the words that the bot's database and the exchange share; integers in core's units. */
export interface Ledger {
  /** By fill id. */
  readonly fills: readonly Readonly<Record<string, string | number>>[];
  /** By ticker; markets that were never traded are absent. */
  readonly positions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly cash: number;
}

/** The exchange's own books, read past its wire. */
export function exchangeLedger({ local: { exchange } }: Bench): Ledger {
  const balance = exchange.balance(BOT)!;
  return {
    fills: exchange
      .fills(BOT)
      .map(({ fillId, orderId, ticker, side, price, count, fee, role, atMs }) => ({
        ...{ fillId, orderId, ticker, side, price, count, fee, role, atMs },
      }))
      .sort(byFill),
    positions: Object.fromEntries(
      exchange
        .positions(BOT)
        .filter(({ totalTraded }) => totalTraded > 0)
        .map(({ ticker, position, exposure, realizedPnl, feesPaid }) => [
          ticker,
          { position, cost: exposure, realizedPnl, fees: feesPaid },
        ]),
    ),
    cash: balance.cash + balance.reserved,
  };
}

/** The same from the bot's database, read with plain SQL and summed here, not by the bot's own reports. */
export function databaseLedger(bench: Bench): Ledger {
  const rows = query(
    bench,
    'select * from order_fills where account = ? order by exchange_ms, received_ms, sequence',
  );
  const trades = query(bench, 'select * from trades where account = ? order by market_ticker, trade_no');
  const positions: Record<string, Record<string, number>> = {};
  let cash = Money.fromDollars(CASH_DOLLARS) as number;
  for (const trade of trades) {
    const held = positions[trade.market_ticker as string] ?? { realizedPnl: 0, fees: 0 };
    positions[trade.market_ticker as string] = {
      position: trade.position_after_e2 as number,
      cost: trade.cost_after_e6 as number,
      realizedPnl: held.realizedPnl! + (trade.realized_pnl_e6 as number),
      fees: held.fees! + (trade.fee_e6 as number),
    };
  }
  for (const { realizedPnl, fees, cost } of Object.values(positions)) cash += realizedPnl! - fees! - cost!;
  return {
    fills: rows
      .map((row) => ({
        fillId: row.fill_id as string,
        orderId: row.order_id as string,
        ticker: row.market_ticker as string,
        side: Side.of(row.action as 'buy', row.side as 'yes'),
        price: row.price_e4 as number,
        count: row.count_e2 as number,
        fee: row.fee_e6 as number,
        role: row.role as string,
        atMs: row.exchange_ms as number,
      }))
      .sort(byFill),
    positions,
    cash,
  };
}

/** Rows of the bot's database; the one parameter is its account. */
export function query(bench: Bench, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(bench.dataDir, 'trading_analytics.db'), { readOnly: true });
  try {
    return database.prepare(sql).all(bench.account);
  } finally {
    database.close();
  }
}

/** Orders of the bot that rest on the exchange. */
export function restingOrders({ local: { exchange } }: Bench) {
  return exchange
    .orders(BOT)
    .filter((order) => order.status === 'resting' && order.clientOrderId.startsWith('mm-'));
}

function byFill(a: Readonly<Record<string, string | number>>, b: typeof a): number {
  return `${a.fillId}/${a.orderId}` < `${b.fillId}/${b.orderId}` ? -1 : 1;
}

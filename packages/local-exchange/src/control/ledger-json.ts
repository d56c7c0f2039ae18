import { Money } from '@kalshi-mm/core';
import { type SimulatedExchange, Subaccount, type UserId } from '@kalshi-mm/simulator';
import { shardOf } from '../rest/portfolio-endpoints.ts';
import { fillJson } from '../wire/fill-json.ts';
import { orderJson } from '../wire/order-json.ts';
import { positionJson } from '../wire/position-json.ts';

/** A row per account: the exchange's own books, never stale and never archived, for checks against what a program believes. */
export function ledgerJson(exchange: SimulatedExchange, users: readonly UserId[]) {
  return {
    now_ms: exchange.nowMs,
    fees_collected_dollars: Money.format(exchange.feesCollected),
    users: users.flatMap(exchange.accountsOf).map((userId) => ({
      user_id: Subaccount.ownerOf(userId),
      subaccount_number: Subaccount.numberOf(userId),
      cash: exchange.shardBalances(userId).map(({ exchangeIndex, cash, reserved }) => ({
        exchange_index: exchangeIndex,
        free_dollars: Money.format(cash),
        reserved_dollars: Money.format(reserved),
      })),
      orders: exchange.orders(userId).map((order) => orderJson(order, shardOf(exchange, order.ticker))),
      fills: exchange.fills(userId).map((fill) => fillJson(fill, shardOf(exchange, fill.ticker))),
      positions: exchange.positions(userId).map((held) => positionJson(held, shardOf(exchange, held.ticker))),
    })),
  };
}

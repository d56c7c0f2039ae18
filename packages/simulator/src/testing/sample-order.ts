import { Count, Price, type Side, Ticker } from '@kalshi-mm/core';
import type { OrderRequest } from '../exchange-api.ts';

/** A good-till-canceled order; price in cents, count in contracts. */
export function sampleOrder(
  side: Side,
  priceCents: number,
  contracts: number,
  change: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    ticker: Ticker.of('KXTEST-1'),
    side,
    price: Price.of(priceCents * 100),
    count: Count.of(contracts * 100),
    timeInForce: 'good-till-canceled',
    selfTradePrevention: 'taker-at-cross',
    clientOrderId: null,
    postOnly: false,
    reduceOnly: false,
    cancelOnPause: false,
    expirationMs: null,
    ...change,
  };
}

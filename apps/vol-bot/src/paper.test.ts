import { BotConfig } from '@kalshi-mm/assembly';
import {
  type Approved,
  ClientOrderId,
  Count,
  type Event,
  type PlaceOrder,
  Price,
  PriceGrid,
  RunId,
  Timestamp,
} from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import { createPaperVenue } from './paper.ts';

const START_MS = 1_790_000_000_000;

it('fills no order by a trade that is told late, and tells the engine of it all the same', () => {
  const events: Event[] = [];
  const post = (event: Event): void => void events.push({ ...event });
  const at = (ms: number): Timestamp => Timestamp.of(START_MS + ms);
  const venue = createPaperVenue(post, RunId.of('mm-paper'), BotConfig.parse({}), at(0));
  const market = { ...aMarket({ grid: PriceGrid.cent() }), closeMs: at(3_600_000) };
  const { ticker } = market;
  venue.sink({ type: 'catalog.scanned', atMs: at(0), markets: [market], activity: [] });
  const level = (cents: number) => ({ price: Price.of(100 * cents), count: Count.of(1_000) });
  venue.sink({ type: 'book.replaced', atMs: at(1), ticker, bids: [level(40)], asks: [level(60)] });
  const order: PlaceOrder = {
    ...{ type: 'order.place', clientOrderId: ClientOrderId.of('mm-paper-1-0'), ticker, side: 'bid' },
    ...{ price: Price.of(5_000), count: Count.of(100), timeInForce: 'good-till-canceled', postOnly: true },
    ...{ reduceOnly: false, expirationMs: null, purpose: 'quote', exchangeIndex: 0 },
  };
  venue.execution.send([order as Approved<PlaceOrder>]);
  const print = (ms: number, exchangeMs: number): void =>
    venue.sink({
      ...{ type: 'trade.printed', ticker, price: Price.of(4_900), count: Count.of(500), takerSide: 'ask' },
      ...{ exchangeMs: at(exchangeMs), atMs: at(ms) },
    });
  const told = (type: Event['type']): number => events.filter((event) => event.type === type).length;
  venue.advanceTo(at(10_000));
  expect(told('order.accepted')).toBe(1);
  // It happened before our order was there.
  print(20_000, 500);
  venue.advanceTo(at(30_000));
  expect([told('trade.printed'), told('order.filled')]).toEqual([1, 0]);
  print(40_000, 39_900);
  venue.advanceTo(at(50_000));
  expect([told('trade.printed'), told('order.filled')]).toEqual([2, 1]);
});

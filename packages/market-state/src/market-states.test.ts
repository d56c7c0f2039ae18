import { Count, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import { describe, expect, it } from 'vitest';
import { MarketStates, TradeRing } from './index.ts';

const market = aMarket();
const { ticker } = market;
const at = (ms: number) => Timestamp.of(ms);
const level = (price: number, count: number) => ({ price: Price.of(price), count: Count.of(count) });

function opened(): MarketStates {
  const states = new MarketStates();
  states.absorb({ type: 'market.opened', atMs: at(1), market });
  states.absorb({
    type: 'book.replaced',
    atMs: at(2),
    ticker,
    bids: [level(4_900, 100)],
    asks: [level(5_100, 100)],
  });
  return states;
}

describe('MarketStates', () => {
  it('tells when the touch moves', () => {
    const states = opened();
    const change = { type: 'book.changed', atMs: at(3), ticker, exchangeMs: null } as const;
    expect(states.absorb({ ...change, side: 'bid', price: Price.of(5_000), delta: 10 })).toBe(true);
    expect(states.absorb({ ...change, side: 'bid', price: Price.of(4_900), delta: 10 })).toBe(false);
    expect(
      states.absorb({ ...change, ticker: Ticker.of('UNKNOWN'), side: 'bid', price: Price.of(1), delta: 1 }),
    ).toBe(false);
  });

  it('distrusts a book after a gap or an impossible delta, until the next whole book', () => {
    const states = opened();
    const state = states.get(ticker)!;
    expect(state.bookTrusted).toBe(true);
    states.absorb({
      type: 'book.changed',
      atMs: at(3),
      ticker,
      side: 'bid',
      price: Price.of(4_900),
      delta: -101,
      exchangeMs: null,
    });
    expect(state.bookTrusted).toBe(false);
    states.absorb({ type: 'book.replaced', atMs: at(4), ticker, bids: [level(4_800, 5)], asks: [] });
    expect(state.bookTrusted).toBe(true);
    expect(state.book.bestAsk()).toBe(Price.NO_ASK);
    states.absorb({ type: 'feed.gapped', atMs: at(5), ticker: null });
    expect(state.bookTrusted).toBe(false);
    states.absorb({ type: 'book.replaced', atMs: at(6), ticker, bids: [level(4_850, 5)], asks: [] });
    expect(state.bookTrusted).toBe(false);
    expect(state.book.bestBid()).toBe(Price.NO_BID);
  });

  it('empties the book of a market that stops trading', () => {
    const states = opened();
    states.absorb({ type: 'market.closed', atMs: at(9), ticker, reason: 'closed' });
    expect(states.get(ticker)!.market.status).toBe('closed');
    expect(states.get(ticker)!.book.bestBid()).toBe(Price.NO_BID);
  });
});

describe('TradeRing', () => {
  it('keeps a trade of any size as it was', () => {
    const ring = new TradeRing(1);
    const large = Count.of(2 ** 40);
    ring.push(at(1), Price.of(1), large, 'bid');
    const seen: number[] = [];
    ring.forEachNewest((_ms, _price, count) => void seen.push(count));
    expect(seen).toEqual([large]);
  });

  it('keeps the newest and forgets the oldest', () => {
    const ring = new TradeRing(3);
    for (let i = 1; i <= 5; i++) ring.push(at(i), Price.of(i), Count.of(i), i % 2 === 0 ? 'bid' : 'ask');
    const seen: number[] = [];
    ring.forEachNewest((ms) => void seen.push(ms));
    expect(seen).toEqual([5, 4, 3]);
    expect(ring.size).toBe(3);
  });
});

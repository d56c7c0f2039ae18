import { Count, Price, PriceGrid, type QuoteIntent, type SessionContext, Timestamp } from '@kalshi-mm/core';
import { ScannerConfig, type TrackedMarket, volatilityFold } from '@kalshi-mm/scanner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fill,
  first,
  type Scene,
  START_MS,
  someMarket,
  TICKER,
  tick,
  touch,
  type ViewParts,
  viewOf,
} from '../test-support/memory-view.ts';
import { asMaker, createAsMaker } from './as-maker.ts';
import { AsMakerConfig } from './as-maker-config.ts';

const session: SessionContext = {
  sessionId: 's1',
  ticker: TICKER,
  startedMs: START_MS,
  maxPosition: Count.of(1000),
  facts: { sigma: null, jumpCents: null, profile: null, regime: null },
};

/** Small sigma, so that one contract does not push a quote out of the market. */
const mild = { as_model: { sigma: { baseline: 0.01 } } };

function decideOnce(
  scene: Scene,
  input: unknown = mild,
  changes: Partial<SessionContext> = {},
  parts: ViewParts = {},
) {
  const memory = asMaker.start(AsMakerConfig.parse(input), { ...session, ...changes });
  const [intent, ...rest] = asMaker.decide(memory, tick(START_MS), viewOf({ scenes: [scene], ...parts }));
  expect(rest).toEqual([]);
  return intent!;
}

function quoteOf(...args: Parameters<typeof decideOnce>): QuoteIntent {
  const intent = decideOnce(...args);
  if (intent.type !== 'quote') throw new Error(`expected a quote, got ${JSON.stringify(intent)}`);
  return intent;
}

describe('asMaker', () => {
  it('wakes every refresh interval and on fills only', () => {
    expect(asMaker.wakes(AsMakerConfig.parse({}))).toEqual({
      everyMs: 3000,
      onTouch: false,
      onTrade: false,
      onFill: true,
    });
  });

  it('quotes both sides around the mid when flat, and explains itself', () => {
    const intent = quoteOf(touch(4500, 5500));
    // The model says 48.9 and 51.1; the touch is improved by one tick only.
    expect(first(intent.bids)).toEqual([4600, 900]);
    expect(first(intent.asks)).toEqual([5400, 900]);
    expect(intent.explanation).toMatchObject({
      midCents: 50,
      reservationCents: 50,
      bidCents: expect.closeTo(48.9187, 4),
      askCents: expect.closeTo(51.0813, 4),
      halfSpreadCents: expect.closeTo(1.0813, 4),
      gamma: 0.3,
      k: 1.2,
      sigmaCents: 1.5,
      tau: 1,
      regime: null,
      profile: 'mean_reverting',
      band: 'normal',
      widenTicks: 0,
    });
  });

  it('joins the touch of a one-tick market when the model is tight, and rests outside it when it is not', () => {
    const tight = {
      as_model: {
        ...mild.as_model,
        spread_caps: 'as_model',
        min_total_spread: 0.001,
        max_total_spread: 0.001,
      },
    };
    const joined = quoteOf(touch(4900, 5000), tight);
    expect([first(joined.bids)?.[0], first(joined.asks)?.[0]]).toEqual([4900, 5000]);
    const outside = quoteOf(touch(4900, 5000));
    expect([first(outside.bids)?.[0], first(outside.asks)?.[0]]).toEqual([4800, 5100]);
  });

  it('does not outbid its own orders', () => {
    const scene = {
      bids: [
        [4900, 500],
        [4500, 5000],
      ],
      asks: [[5500, 5000]],
      own: [{ side: 'bid', price: 4900, count: 500 }],
    } as const;
    expect(first(quoteOf(scene).bids)?.[0]).toBe(4600);
  });

  it('leans against its inventory and shrinks the building side', () => {
    const flat = quoteOf(touch(4500, 5500));
    const long = quoteOf({ ...touch(4500, 5500), position: 500 });
    expect(long.explanation.reservationCents).toBeLessThan(flat.explanation.reservationCents as number);
    expect(first(long.bids)?.[1]).toBe(400);
    expect(first(long.asks)?.[1]).toBe(1000);
  });

  it.each<[string, Partial<Scene>, Record<string, unknown>, ViewParts]>([
    ['book-untrusted', { trusted: false }, {}, {}],
    ['one-sided-book', { asks: [] }, {}, {}],
    ['one-sided-book', { bids: [] }, {}, {}],
    ['crossed-book', { asks: [[4500, 100]] }, {}, {}],
    ['spread-shock', { asks: [[6000, 10000]] }, {}, {}],
    ['expiration-window', { market: someMarket({ closeMs: Timestamp.of(START_MS + 180_000) }) }, {}, {}],
    ['illiquidity', {}, {}, { nowMs: START_MS + 15_001 }],
    ['illiquidity', { lastTradeMs: null }, {}, { nowMs: START_MS + 15_001 }],
    ['capacity', { bids: [[400, 10000]], asks: [[500, 10000]] }, {}, {}],
  ])('stands down: %s %#', (gate, scene, changes, parts) => {
    const maxPosition = Count.of(gate === 'capacity' ? 300 : 1000);
    const intent = decideOnce(
      { ...touch(4500, 5500), ...scene },
      { ...mild, ...changes },
      { maxPosition },
      parts,
    );
    expect(intent).toMatchObject({ type: 'stand-down', ticker: TICKER, gate: { gate } });
  });

  it.each([
    [touch(9700, 9900), 99],
    [touch(100, 300), 1],
  ])('stands down when the only side left is beyond the grid: %#', (scene, limit) => {
    const market = someMarket({ category: 'tech' });
    expect(decideOnce({ ...scene, market }, mild, { maxPosition: Count.of(5000) })).toMatchObject({
      gate: { gate: 'no-tradable-price', limit },
    });
  });

  it('quotes on the other side of each of these limits', () => {
    expect(decideOnce({ ...touch(4500, 5900) }).type).toBe('quote');
    expect(
      decideOnce({ ...touch(4500, 5500), market: someMarket({ closeMs: Timestamp.of(START_MS + 180_001) }) })
        .type,
    ).toBe('quote');
    expect(decideOnce(touch(4500, 5500), mild, {}, { nowMs: START_MS + 15_000 }).type).toBe('quote');
    const unwatched = { ...mild, volatility_mm: { guardrails: { illiquidity_timeout_seconds: null } } };
    expect(decideOnce(touch(4500, 5500), unwatched, {}, { nowMs: START_MS + 3_000_000 }).type).toBe('quote');
  });

  it('stands down in a market that the engine does not know', () => {
    expect(decideOnce({ market: someMarket({ ticker: 'OTHER' as never }) })).toMatchObject({
      gate: { gate: 'market-unknown', value: TICKER },
    });
  });

  it('bids only below 5¢ and asks only above 95¢, but always lets a position go', () => {
    const low = touch(300, 500);
    expect(quoteOf(low, mild, { maxPosition: Count.of(5000) })).toMatchObject({
      bids: [{ count: 400 }],
      asks: [],
    });
    const high = touch(9500, 9700);
    expect(quoteOf(high, mild, { maxPosition: Count.of(5000) })).toMatchObject({
      bids: [],
      asks: [{ count: 400 }],
    });
    const longLow = quoteOf({ ...low, position: 750 }, mild, { maxPosition: Count.of(5000) });
    expect(longLow.bids).toEqual([]);
    expect(longLow.asks).toMatchObject([{ count: 700 }]);
    const twoSided = { ...mild, extreme_prices: { hard_extreme_one_sided: false } };
    expect(quoteOf(low, twoSided, { maxPosition: Count.of(5000) }).asks).toMatchObject([{ count: 400 }]);
  });

  it('uses the event sigma by the weight of the profile, and not after a jump', () => {
    const sigmaOf = (facts: SessionContext['facts']) =>
      quoteOf(touch(4500, 5500), mild, { facts }).explanation.sigmaCents;
    expect(sigmaOf({ sigma: 0.045, jumpCents: null })).toBeCloseTo((1.5 + 4.5) / 2, 12);
    expect(sigmaOf({ sigma: 0.045, jumpCents: 9 })).toBeCloseTo(3, 12);
    expect(sigmaOf({ sigma: 0.045, jumpCents: 10 })).toBe(1.5);
    expect(sigmaOf({ sigma: 0.9, jumpCents: null })).toBe(8);
    expect(sigmaOf({ sigma: null })).toBe(1.5);
  });

  it('shortens the horizon towards the close and the end of the session', () => {
    const soon = someMarket({ closeMs: Timestamp.of(START_MS + 1_800_000) });
    expect(quoteOf({ ...touch(4500, 5500), market: soon }).explanation.tau).toBe(0.5);
    const ending = {
      openSessions: [
        {
          sessionId: 's1',
          ticker: TICKER,
          phase: 'quoting',
          startedMs: START_MS,
          endsMs: Timestamp.of(START_MS + 360_000),
        },
      ],
    } as const;
    expect(quoteOf(touch(4500, 5500), mild, {}, ending).explanation.tau).toBe(0.1);
    const long = { as_model: { ...mild.as_model, horizon_ends_with_session: false } };
    expect(quoteOf(touch(4500, 5500), long, {}, ending).explanation.tau).toBe(1);
  });
});

describe('asMaker with a volatility fold', () => {
  const fold = volatilityFold(ScannerConfig.parse({}));
  const maker = createAsMaker(fold);

  function decide(changes: Partial<TrackedMarket> | null) {
    const state = fold.start();
    if (changes !== null) {
      fold.absorb(state, { type: 'market.opened', atMs: START_MS, market: someMarket() }, viewOf({}));
      Object.assign(state.tracked.get(TICKER)!, changes);
    }
    const memory = maker.start(AsMakerConfig.parse(mild), session);
    const view = viewOf({ scenes: [touch(4500, 5500)], fold: { fold, state } });
    return maker.decide(memory, tick(START_MS), view)[0]!;
  }

  it.each([
    ['not tracked', null],
    ['never sampled', {}],
    [4.001, { lastSampleMs: Timestamp.of(START_MS - 4_001) }],
  ])('stands down on a stale regime: %s', (value, changes) => {
    expect(decide(changes)).toMatchObject({
      type: 'stand-down',
      gate: { gate: 'regime-stale', value, limit: 4 },
    });
  });

  it('applies the multipliers and caps of the regime', () => {
    const quiet = decide({ lastSampleMs: Timestamp.of(START_MS - 4_000), regime: 'QUIET' });
    expect(quiet).toMatchObject({ type: 'quote', explanation: { regime: 'QUIET' } });
    const { gamma, k } = (quiet as QuoteIntent).explanation;
    expect(gamma).toBeCloseTo(0.24, 12);
    expect(k).toBeCloseTo(0.84, 12);
  });

  it('does without when the fold does not run', () => {
    const memory = maker.start(AsMakerConfig.parse(mild), { ...session, facts: { regime: 'TRENDING' } });
    const [intent] = maker.decide(memory, tick(START_MS), viewOf({ scenes: [touch(4500, 5500)] }));
    expect(intent).toMatchObject({ type: 'quote', explanation: { regime: 'TRENDING' } });
  });
});

describe('throttling in asMaker', () => {
  function maker(input: unknown = {}) {
    const memory = asMaker.start(AsMakerConfig.parse({ ...mild, ...(input as object) }), session);
    let nowMs: number = START_MS;
    return {
      wake(scene: Scene, times = 1) {
        let last = null;
        for (let i = 0; i < times; i++) {
          nowMs += 3_000;
          const view = viewOf({ nowMs, scenes: [{ lastTradeMs: Timestamp.of(nowMs), ...scene }] });
          last = asMaker.decide(memory, tick(nowMs), view)[0]!;
        }
        return last;
      },
      fill(side: 'bid' | 'ask', price: number, scene: Scene) {
        const view = viewOf({ nowMs, scenes: [{ lastTradeMs: Timestamp.of(nowMs), ...scene }] });
        return asMaker.decide(memory, fill(nowMs, side, price), view)[0]!;
      },
    };
  }
  const normal = touch(4500, 5500);
  const widened = (ticks: number) => ({ type: 'quote', explanation: { widenTicks: ticks } });

  it('widens by 5 ticks after three wide spreads and recovers after five good ones', () => {
    const m = maker();
    expect(m.wake(touch(4000, 6100), 2)).toMatchObject({ gate: { gate: 'spread-shock' } });
    expect(m.wake(normal)).toMatchObject(widened(0));
    m.wake(touch(4000, 6100), 3);
    expect(m.wake(normal, 4)).toMatchObject(widened(5));
    expect(m.wake(normal)).toMatchObject(widened(0));
  });

  it('widens by 3 ticks in a thin book, without counting our own orders', () => {
    const m = maker();
    const thin = { ...touch(4500, 5500, 60), own: [{ side: 'bid', price: 4500, count: 2100 }] } as const;
    expect(m.wake(thin, 2)).toMatchObject(widened(0));
    expect(m.wake(thin)).toMatchObject(widened(3));
    expect(m.wake(touch(4500, 5500, 60), 5)).toMatchObject(widened(0));
  });

  it('widens when most fills are on the wrong side of the move', () => {
    const m = maker();
    m.fill('bid', 5200, normal);
    m.fill('bid', 5300, normal);
    expect(m.wake(normal, 4)).toMatchObject(widened(0));
    m.fill('ask', 4700, normal);
    expect(m.wake(normal, 3)).toMatchObject(widened(3));
  });

  it('counts no check on a fill', () => {
    const m = maker();
    const thin = touch(4500, 5500, 10);
    for (let i = 0; i < 5; i++) m.fill('bid', 4500, thin);
    expect(m.wake(thin)).toMatchObject(widened(0));
  });
});

describe('properties of asMaker', () => {
  const grids = [PriceGrid.cent(), PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 10 }])];
  const scenes = fc
    .record({
      grid: fc.constantFrom(...grids),
      low: fc.double({ min: 0, max: 1, noNaN: true }),
      gap: fc.integer({ min: 1, max: 140 }),
      position: fc.integer({ min: -1500, max: 1500 }),
      maxPosition: fc.integer({ min: 1, max: 2000 }),
      whole: fc.boolean(),
      order: fc.option(fc.constantFrom(0.5, 1, 4), { nil: null }),
      gamma: fc.constantFrom(0.01, 0.3, 2),
      schedule: fc.constantFrom('constant', 'seed', 'increasing'),
      sigma: fc.constantFrom(0.001, 0.02, 0.08),
      thin: fc.boolean(),
    })
    .map((raw) => {
      const { prices, size } = raw.grid;
      const bid = prices[Math.floor(raw.low * (size - 2))]!;
      const ask = prices[Math.min(size - 1, raw.grid.indexByPrice[bid]! + raw.gap)]!;
      return { ...raw, bid, ask };
    });

  type RawScene = ReturnType<typeof scenes.generate>['value'];

  function decide(raw: RawScene) {
    const config = AsMakerConfig.parse({
      as_model: { base_gamma: raw.gamma, gamma_schedule: raw.schedule, sigma: { baseline: raw.sigma } },
      quoting: { order_contracts: raw.order, whole_contracts: raw.whole },
    });
    const memory = asMaker.start(config, { ...session, maxPosition: Count.of(raw.maxPosition) });
    const scene = {
      ...touch(raw.bid, raw.ask, raw.thin ? 10 : 500),
      market: someMarket({ grid: raw.grid }),
      position: raw.position,
    };
    // Four wakes, so that a thin book has its effect.
    let intent = null;
    for (let i = 0; i < 4; i++)
      intent = asMaker.decide(memory, tick(START_MS), viewOf({ scenes: [scene] }))[0]!;
    return intent!;
  }

  it('quotes on the grid, uncrossed, and within its capacity', () => {
    let quotes = 0;
    fc.assert(
      fc.property(scenes, (raw) => {
        const intent = decide(raw);
        if (intent.type !== 'quote') return;
        quotes++;
        const [bid, ask] = [first(intent.bids), first(intent.asks)];
        const limit = Math.max(raw.maxPosition, Math.abs(raw.position));
        if (bid !== null) {
          expect(PriceGrid.isOnGrid(raw.grid, bid[0])).toBe(true);
          expect(bid[0]).toBeLessThan(raw.ask);
          expect(bid[0]).toBeLessThanOrEqual(PriceGrid.next(raw.grid, Price.of(raw.bid))!);
          expect(bid[1]).toBeGreaterThan(0);
          expect(raw.position + bid[1]).toBeLessThanOrEqual(limit);
        }
        if (ask !== null) {
          expect(PriceGrid.isOnGrid(raw.grid, ask[0])).toBe(true);
          expect(ask[0]).toBeGreaterThan(raw.bid);
          expect(ask[0]).toBeGreaterThanOrEqual(PriceGrid.previous(raw.grid, Price.of(raw.ask))!);
          expect(ask[1]).toBeGreaterThan(0);
          expect(raw.position - ask[1]).toBeGreaterThanOrEqual(-limit);
        }
        if (bid !== null && ask !== null) expect(bid[0]).toBeLessThan(ask[0]);
      }),
      { numRuns: 500 },
    );
    expect(quotes).toBeGreaterThan(0);
  });

  it('gives the mirror image for the mirror image: p → 1 − p, q → −q', () => {
    fc.assert(
      fc.property(scenes, (raw) => {
        const here = decide(raw);
        const there = decide({
          ...raw,
          bid: 10_000 - raw.ask,
          ask: 10_000 - raw.bid,
          position: -raw.position,
        });
        expect(there.type).toBe(here.type);
        if (here.type !== 'quote' || there.type !== 'quote') return;
        const mirror = (levels: QuoteIntent['bids']) =>
          levels.map(({ price, count }) => ({ price: Price.complement(price), count }));
        expect(there.asks).toEqual(mirror(here.bids));
        expect(there.bids).toEqual(mirror(here.asks));
      }),
      { numRuns: 500 },
    );
  });

  it('never changes its mind about the same inputs', () => {
    fc.assert(
      fc.property(scenes, (raw) => {
        expect(decide(raw)).toEqual(decide(raw));
      }),
      { numRuns: 100 },
    );
  });
});

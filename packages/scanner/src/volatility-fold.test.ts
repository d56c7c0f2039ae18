import { Count, type Event, type Market, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { ScannerConfig } from './scanner-config.ts';
import { ScannerBench, START_MS, someActivity, someMarket, TICKER } from './test-support/scanner-view.ts';
import { volatilityFold } from './volatility-fold.ts';
import { type VolatilityState, volatilityOf } from './volatility-state.ts';

const BOUNCE = [48, 52, 48, 52, 48, 52, 48, 52];

function bench(input: unknown = {}): ScannerBench<VolatilityState> {
  return new ScannerBench(volatilityFold(ScannerConfig.parse(input)));
}

function scan(b: ScannerBench<VolatilityState>, market: Market = someMarket(), volume = 20_000) {
  return b.absorb({
    type: 'catalog.scanned',
    atMs: b.nowMs,
    markets: [market],
    activity: [someActivity({ ticker: market.ticker, volume24hContracts: volume })],
  });
}

/** Scans one market, shows it the mids, and returns what was derived. */
function run(input: unknown, market: Market, mids: readonly number[], spread = 2, contracts = 200) {
  const b = bench(input);
  scan(b, market);
  const events = b.showMids(market, mids, spread, contracts);
  return { b, events, blockedBy: volatilityOf(b.state, market.ticker)?.blockedBy };
}

const typesOf = (events: readonly Event[]) => events.map((event) => event.type);

describe('volatilityFold', () => {
  it('detects a bouncing market once, after its regime has held for three windows', () => {
    const { b, events } = run({}, someMarket(), BOUNCE);
    expect(typesOf(events)).toEqual(['regime.changed', 'volatility.detected']);
    expect(events[0]).toMatchObject({ from: 'UNKNOWN', to: 'MEAN_REVERTING', atMs: START_MS + 7 * 3_000 });
    expect(events[1]).toEqual({
      type: 'volatility.detected',
      atMs: START_MS + 7 * 3_000,
      ticker: TICKER,
      jumpCents: null,
      sigma: 0.04,
      signalStrength: 0.5 * (4 / 24) + 0.5,
      direction: null,
      closeMs: START_MS + 3_600_000,
    });
    expect(volatilityOf(b.state, TICKER)).toMatchObject({
      regime: 'MEAN_REVERTING',
      regimeStable: true,
      regimeAtMs: START_MS + 7 * 3_000,
      lastSampleMs: START_MS + 8 * 3_000,
      sigma: 0.04,
      jumpCents: 4,
      active: events[1],
    });
  });

  it('counts what a market younger than a day has traded by the feed, when the scan knows less', () => {
    const minutesOld = someMarket({ openMs: Timestamp.of(START_MS - 60_000) });
    const daysOld = someMarket({ openMs: Timestamp.of(START_MS - 3 * 86_400_000) });
    const eventsOf = (market: Market) => {
      const b = bench();
      scan(b, market, 0);
      b.volume = Count.of(2_000_000);
      return typesOf(b.showMids(market, BOUNCE));
    };
    expect(eventsOf(minutesOld)).toContain('volatility.detected');
    expect(eventsOf(daysOld)).not.toContain('volatility.detected');
  });

  it('detects a jump that the price has settled after, with its direction', () => {
    const config = { regimes: { min_sigma_for_regime: 0.5 }, volatility_scanner: { sigma_threshold: 0.4 } };
    const settled = [...Array<number>(8).fill(40), ...Array<number>(8).fill(52)];
    const { events } = run(config, someMarket(), settled);
    const detected = events.filter((event) => event.type === 'volatility.detected');
    // The last sample brings the mean to 46: within 6¢ of the price for the first time.
    expect(detected).toMatchObject([{ jumpCents: 12, direction: 'up', atMs: START_MS + 16 * 3_000 }]);
  });

  it('says nothing for hot events and allocates no array for them', () => {
    const b = bench();
    scan(b);
    const hot: Event[] = [
      {
        type: 'book.changed',
        atMs: b.nowMs,
        ticker: TICKER,
        side: 'bid',
        price: Price.of(100),
        delta: 1,
        exchangeMs: null,
      },
      {
        type: 'trade.printed',
        atMs: b.nowMs,
        ticker: TICKER,
        price: Price.of(100),
        count: Count.ONE,
        takerSide: 'bid',
        exchangeMs: null,
      },
      { type: 'book.replaced', atMs: b.nowMs, ticker: TICKER, bids: [], asks: [] },
    ];
    const answers = hot.map((event) => b.absorb(event));
    for (const answer of answers) expect(answer).toBe(answers[0]);
    expect(answers[0]).toEqual([]);
  });

  it.each<[string, unknown, Partial<Market>, readonly number[], number, number]>([
    ['warmup', { volatility_scanner: { warmup_points: 50 } }, {}, BOUNCE, 2, 200],
    ['category-excluded', {}, { category: 'sports' }, BOUNCE, 2, 200],
    [
      'profile-excluded',
      { category_mapping: { weather: 'hard_trending' } },
      { category: 'weather' },
      BOUNCE,
      2,
      200,
    ],
    ['spread', {}, {}, BOUNCE, 16, 200],
    ['volatility', {}, {}, [50, 50, 50, 50, 50, 50, 50, 50], 2, 200],
    ['mean-reversion', {}, {}, [40, 41, 40, 41, 40, 41, 40, 53], 2, 200],
    ['volume-24h', { volatility_scanner: { min_volume_24h: 50_000 } }, {}, BOUNCE, 2, 200],
    ['regime', {}, {}, BOUNCE, 2, 20],
    ['time-to-close', {}, { closeMs: Timestamp.of(START_MS + 25 * 3_600_000) }, BOUNCE, 2, 200],
  ])('is blocked by %s', (gate, config, changes, mids, spread, contracts) => {
    const { events, blockedBy } = run(config, someMarket(changes), mids, spread, contracts);
    expect(typesOf(events)).not.toContain('volatility.detected');
    expect(blockedBy?.gate).toBe(gate);
  });

  it('is blocked while the latest windows disagree with the regime', () => {
    // The regime stays MEAN_REVERTING on paper, but the book has just become thin.
    const b = bench({ volatility_scanner: { sigma_threshold: 0.041 } });
    scan(b);
    b.showMids(someMarket(), BOUNCE);
    b.showMids(someMarket(), [46], 2, 20);
    expect(volatilityOf(b.state, TICKER)).toMatchObject({
      regime: 'MEAN_REVERTING',
      regimeStable: false,
      blockedBy: { gate: 'regime-stability', value: 1, limit: 3 },
    });
  });

  it('is blocked where the profile excludes the regime', () => {
    const config = {
      category_profiles: { mean_reverting: { by_regime: { MEAN_REVERTING: { exclude: true } } } },
    };
    const { blockedBy } = run(config, someMarket(), BOUNCE);
    expect(blockedBy).toEqual({
      gate: 'profile-regime-excluded',
      value: 'mean_reverting/MEAN_REVERTING',
      limit: null,
    });
  });

  it.each([
    [false, []],
    [true, ['regime.changed', 'volatility.detected']],
  ])('with allow_unknown_volume %s a market without a scan derives %j', (allowed, expected) => {
    const b = bench({ volatility_scanner: { allow_unknown_volume: allowed } });
    b.absorb({ type: 'market.opened', atMs: b.nowMs, market: someMarket() });
    const events = b.showMids(someMarket(), BOUNCE);
    expect(typesOf(events).filter((type) => allowed || type === 'volatility.detected')).toEqual(expected);
  });

  it('ends an event when the market is calm again, and may then detect another', () => {
    const { b } = run(
      { volatility_scanner: { volatility_window_minutes: 0.3, price_jump_window_minutes: 0.3 } },
      someMarket(),
      BOUNCE,
    );
    const calm = b.showMids(someMarket(), [50, 50, 50, 50, 50, 50, 50]);
    expect(calm).toContainEqual({
      type: 'volatility.ended',
      atMs: expect.any(Number),
      ticker: TICKER,
      reason: 'calm',
    });
    expect(volatilityOf(b.state, TICKER)?.active).toBeNull();
    expect(typesOf(b.showMids(someMarket(), BOUNCE))).toContain('volatility.detected');
  });

  it('ends the event of a market that closes, by event or by time', () => {
    const first = run({}, someMarket(), BOUNCE).b;
    expect(
      first.absorb({ type: 'market.closed', atMs: first.nowMs, ticker: TICKER, reason: 'paused' }),
    ).toEqual([{ type: 'volatility.ended', atMs: first.nowMs, ticker: TICKER, reason: 'inactive' }]);
    expect(volatilityOf(first.state, TICKER)).toBeNull();
    const second = run({}, someMarket(), BOUNCE).b;
    expect(second.tick(3_600_000)).toMatchObject([{ type: 'volatility.ended', reason: 'inactive' }]);
  });

  it('ends the event of a market that falls out of the busiest', () => {
    const { b } = run({ volatility_scanner: { max_tracked_markets: 1 } }, someMarket(), BOUNCE);
    const busier = someMarket({ ticker: Ticker.of('KXBUSY') });
    const events = b.absorb({
      type: 'catalog.scanned',
      atMs: b.nowMs,
      markets: [someMarket(), busier],
      activity: [someActivity(), someActivity({ ticker: busier.ticker, volume24hContracts: 1e6 })],
    });
    expect(events).toMatchObject([{ type: 'volatility.ended', ticker: TICKER, reason: 'untracked' }]);
    expect([...b.state.tracked.keys()]).toEqual([busier.ticker]);
  });

  it('keeps the window of a market that stays tracked over a scan', () => {
    const { b } = run({}, someMarket(), [50, 50, 50]);
    scan(b);
    expect(b.state.tracked.get(TICKER)?.window.length).toBe(3);
  });

  it('does not sample an untrusted, empty or crossed book, and shows that in lastSampleMs', () => {
    const { b } = run({}, someMarket(), [50, 50]);
    const before = volatilityOf(b.state, TICKER)?.lastSampleMs;
    b.distrust(TICKER);
    b.tick(3_000);
    b.setTouch(someMarket(), 49, null);
    b.tick(3_000);
    expect(volatilityOf(b.state, TICKER)?.lastSampleMs).toBe(before);
    b.setTouch(someMarket(), 49, 51);
    b.tick(3_000);
    expect(volatilityOf(b.state, TICKER)?.lastSampleMs).toBe(b.nowMs);
  });

  it('samples once per refresh interval however often the clock ticks', () => {
    const b = bench();
    scan(b);
    b.setTouch(someMarket(), 49, 51);
    for (let i = 0; i < 30; i++) b.tick(500);
    // 15 s from a whole interval: the first tick, then one in each of the five intervals that begin.
    expect(b.state.tracked.get(TICKER)?.window.length).toBe(6);
  });

  it('holds no more samples than the rolling window', () => {
    const b = bench({ volatility_scanner: { rolling_window_minutes: 10 } });
    scan(b, someMarket({ closeMs: Timestamp.of(START_MS + 24 * 3_600_000) }));
    for (let i = 0; i < 400; i++) b.showMids(someMarket(), [50]);
    expect(b.state.tracked.get(TICKER)?.window.length).toBe(201);
  });
});

import {
  Count,
  type Event,
  type SessionView,
  Ticker,
  Timestamp,
  type VolatilityDetected,
} from '@kalshi-mm/core';
import { ScannerConfig, type TrackedMarket, volatilityFold } from '@kalshi-mm/scanner';
import { describe, expect, it } from 'vitest';
import {
  fill,
  type Scene,
  START_MS,
  someMarket,
  TICKER,
  tick,
  touch,
  type ViewParts,
  viewOf,
} from '../test-support/memory-view.ts';
import { volatilityPolicy } from './volatility-policy.ts';
import { VolatilityPolicyConfig } from './volatility-policy-config.ts';

const fold = volatilityFold(ScannerConfig.parse({}));
const scene = touch(4500, 5500);
const OTHER = Ticker.of('OTHER');

const detected: VolatilityDetected = {
  type: 'volatility.detected',
  atMs: START_MS,
  ticker: TICKER,
  jumpCents: 13,
  sigma: 0.03,
  signalStrength: 0.6,
  direction: 'up',
  closeMs: someMarket().closeMs,
};

/** A policy over a fold state in which one market has an active event and a good, fresh regime. */
function bench(input: unknown = {}) {
  const made = volatilityPolicy(VolatilityPolicyConfig.parse(input), fold);
  const memory = made.start();
  const state = fold.start();
  fold.absorb(state, { type: 'market.opened', atMs: START_MS, market: someMarket() }, viewOf({}));
  const tracked = state.tracked.get(TICKER)!;
  Object.assign(tracked, {
    active: detected,
    regime: 'MEAN_REVERTING',
    regimeStable: true,
    candidateRun: 3,
    sigma: 0.03,
  });
  let sessions: readonly SessionView[] = [];
  return {
    memory,
    set: (changes: Partial<TrackedMarket>) => Object.assign(tracked, changes),
    /** What the policy says at a time; the regime is fresh unless told. */
    at(afterMs: number, parts: ViewParts & { event?: Event; scene?: Scene; sampledMs?: number } = {}) {
      const nowMs = START_MS + afterMs;
      tracked.lastSampleMs = Timestamp.of(START_MS + (parts.sampledMs ?? afterMs));
      const view = viewOf({
        nowMs,
        scenes: [parts.scene ?? scene],
        fold: { fold, state },
        openSessions: sessions,
        ...parts,
      });
      return made.review(memory, parts.event ?? tick(nowMs), view);
    },
    beginExit(): void {
      sessions = sessions.map((one) => ({ ...one, phase: 'exiting' }));
    },
    end(): void {
      sessions = [];
    },
    /** Runs the session that the policy has asked for, opened 5 s after the start. */
    open(): void {
      this.at(5_000);
      sessions = [
        {
          sessionId: 's1',
          ticker: TICKER,
          phase: 'quoting',
          startedMs: Timestamp.of(START_MS + 5_000),
          endsMs: Timestamp.of(START_MS + 305_000),
        },
      ];
    },
  };
}

describe('volatilityPolicy opening sessions', () => {
  it('opens one session five seconds after the event', () => {
    const b = bench();
    expect(b.at(4_999)).toEqual([]);
    expect(b.memory.waiting.get(TICKER)).toEqual({ gate: 'start-delay', value: 4.999, limit: 5 });
    expect(b.at(5_000)).toEqual([
      {
        type: 'open',
        ticker: TICKER,
        reason: 'volatility',
        endsMs: START_MS + 305_000,
        maxPosition: Count.of(300),
        facts: {
          sigma: 0.03,
          jumpCents: 13,
          profile: 'mean_reverting',
          regime: 'MEAN_REVERTING',
          signalStrength: 0.6,
          direction: 'up',
          detectedMs: START_MS,
        },
      },
    ]);
    expect(b.memory.waiting.size).toBe(0);
  });

  it('repeats the opening until the engine has taken it up, and then leaves it at one', () => {
    const b = bench();
    expect(b.at(5_000)).toMatchObject([{ type: 'open' }]);
    b.open();
    expect(b.at(6_000)).toEqual([]);
    b.end();
    expect(b.at(7_000)).toEqual([]);
    expect(b.at(8_000)).toEqual([]);
  });

  it('gives the next event of the market another session', () => {
    const b = bench();
    b.open();
    b.at(6_000);
    b.end();
    b.set({ active: null });
    expect(b.at(8_000)).toEqual([]);
    b.set({ active: { ...detected, atMs: Timestamp.of(START_MS + 60_000) } });
    expect(b.at(65_000)).toMatchObject([{ type: 'open' }]);
  });

  it('ends the session before the close of a market that is soon over', () => {
    const soon = { ...scene, market: someMarket({ closeMs: Timestamp.of(START_MS + 300_000) }) };
    expect(bench().at(5_000, { scene: soon })).toMatchObject([{ endsMs: START_MS + 120_000 }]);
  });

  it('cuts the limit by the factor of profile and regime', () => {
    const config = {
      category_profiles: { mean_reverting: { by_regime: { MEAN_REVERTING: { max_position_factor: 0.5 } } } },
    };
    expect(bench(config).at(5_000)).toMatchObject([{ maxPosition: Count.of(150) }]);
  });

  const session = {
    sessionId: 's0',
    ticker: OTHER,
    phase: 'exiting',
    startedMs: START_MS,
    endsMs: null,
  } as const;

  it.each<
    [string, Record<string, unknown>, Partial<TrackedMarket>, Parameters<ReturnType<typeof bench>['at']>[1]]
  >([
    ['market-unknown', {}, {}, { scenes: [] }],
    ['session-open', {}, {}, { openSessions: [{ ...session, ticker: TICKER, phase: 'exiting' }] }],
    ['unwinding', {}, {}, { scene: { ...scene, position: -50 } }],
    ['regime', {}, { regime: 'TRENDING' }, {}],
    ['regime-stability', {}, { regimeStable: false }, {}],
    ['regime-stability', { require_regime_stability: 4 }, {}, {}],
    ['regime-stale', {}, {}, { sampledMs: 999 }],
    ['balance', {}, {}, { balanceDollars: 99.99 }],
    ['balance', {}, {}, { balanceDollars: null }],
    ['session-limit', {}, {}, { openSessions: [session, session, session] }],
    ['profile-excluded', {}, {}, { scene: { ...scene, market: someMarket({ category: 'sports' }) } }],
    [
      'close-window',
      {},
      {},
      { scene: { ...scene, market: someMarket({ closeMs: Timestamp.of(START_MS + 185_000) }) } },
    ],
  ])('waits: %s %#', (gate, mm, changes, parts) => {
    const b = bench({ volatility_mm: mm });
    b.set(changes);
    expect(b.at(5_000, parts).filter(({ type }) => type === 'open')).toEqual([]);
    expect(b.memory.waiting.get(TICKER)?.gate).toBe(gate);
  });

  it('waits where the factor leaves nothing', () => {
    const config = {
      category_profiles: { mean_reverting: { by_regime: { MEAN_REVERTING: { max_position_factor: 0 } } } },
    };
    const b = bench(config);
    expect(b.at(5_000)).toEqual([]);
    expect(b.memory.waiting.get(TICKER)?.gate).toBe('position-limit');
  });

  it('lets the balance gate go only well above the minimum', () => {
    const b = bench();
    expect(b.at(5_000, { balanceDollars: 99 })).toEqual([]);
    expect(b.at(6_000, { balanceDollars: 117 })).toEqual([]);
    expect(b.at(7_000, { balanceDollars: 118 })).toMatchObject([{ type: 'open' }]);
  });

  it('opens in a market with a position where that is allowed', () => {
    const b = bench({ volatility_mm: { disallow_new_sessions_if_open_positions_exist: false } });
    expect(b.at(5_000, { scene: { ...scene, position: -50 } })).toMatchObject([{ type: 'open' }]);
  });

  it('says so when the engine does not run its fold', () => {
    const made = volatilityPolicy(VolatilityPolicyConfig.parse({}), fold);
    expect(() => made.review(made.start(), tick(START_MS), viewOf({}))).toThrow(/volatility.*does not run/);
  });
});

describe('volatilityPolicy closing sessions', () => {
  const held = { ...scene, position: 200 };
  const close = (reason: string, exit: string) => [{ type: 'close', ticker: TICKER, reason, exit }];

  it('leaves a good session alone', () => {
    const b = bench();
    b.open();
    expect(b.at(304_999, { scene: held })).toEqual([]);
  });

  it.each([
    [{}, 'passive'],
    [{ passive_exit: false }, 'now'],
    [{ ttl_soft_stop: false }, 'now'],
  ])('at the end of its life with %j: %s', (mm, exit) => {
    const b = bench({ volatility_mm: mm });
    b.open();
    expect(b.at(305_000, { scene: held })).toEqual(close('ttl', exit));
  });

  it('before the close, even when the exchange has moved it', () => {
    const b = bench();
    b.open();
    const moved = { ...held, market: someMarket({ closeMs: Timestamp.of(START_MS + 200_000) }) };
    expect(b.at(20_000, { scene: moved })).toEqual(close('close-window', 'passive'));
  });

  it('when the event has ended', () => {
    const b = bench();
    b.open();
    b.set({ active: null });
    expect(b.at(20_000, { scene: held })).toEqual(close('volatility-ended', 'passive'));
  });

  it('when sigma has dropped below the minimum, but not when it never was above', () => {
    const b = bench();
    b.open();
    b.set({ sigma: 0.009 });
    expect(b.at(20_000, { scene: held })).toEqual([]);
    b.set({ sigma: 0.01 });
    expect(b.at(23_000, { scene: held })).toEqual([]);
    b.set({ sigma: 0.009 });
    expect(b.at(26_000, { scene: held })).toEqual(close('min-volatility', 'passive'));
  });

  it('at once when the regime is stale', () => {
    const b = bench();
    b.open();
    expect(b.at(20_000, { scene: held, sampledMs: 16_000 })).toEqual([]);
    expect(b.at(20_000, { scene: held, sampledMs: 15_999 })).toEqual(close('regime-stale', 'now'));
  });

  it('on a bad regime only while picked off', () => {
    const b = bench();
    b.open();
    b.at(6_000);
    b.set({ regime: 'CHAOTIC' });
    expect(b.at(20_000, { scene: held })).toEqual([]);
    for (const price of [5200, 5300])
      b.at(20_000, { scene: held, event: fill(START_MS + 20_000, 'bid', price) });
    expect(b.at(21_000, { scene: held })).toEqual([]);
    const third = fill(START_MS + 21_000, 'ask', 4700);
    expect(b.at(21_000, { scene: held, event: third })).toEqual(close('regime-CHAOTIC', 'now'));
    b.set({ regime: 'NOISE' });
    expect(b.at(21_000, { scene: held })).toEqual([]);
  });

  it('softly on a trend, and hard when that takes too long', () => {
    const b = bench({ volatility_mm: { regime_kill: { require_adverse_selection: false } } });
    b.open();
    b.set({ regime: 'TRENDING' });
    expect(b.at(20_000, { scene: held })).toEqual(close('regime-TRENDING', 'passive'));
    b.beginExit();
    expect(b.at(39_999, { scene: held })).toEqual([]);
    expect(b.at(40_000, { scene: held })).toEqual(close('soft-exit-timeout', 'now'));
    expect(b.at(41_000, { scene: held })).toEqual([]);
  });

  it('never on a bad regime when the kill is off', () => {
    const b = bench({ volatility_mm: { regime_kill: { enabled: false, require_adverse_selection: false } } });
    b.open();
    b.set({ regime: 'CHAOTIC' });
    expect(b.at(20_000, { scene: held })).toEqual([]);
  });
});

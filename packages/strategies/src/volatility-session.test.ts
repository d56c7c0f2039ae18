import { Count, type SessionView, Timestamp } from '@kalshi-mm/core';
import { ScannerConfig, volatilityFold } from '@kalshi-mm/scanner';
import { expect, it } from 'vitest';
import { createAsMaker } from './as-maker/as-maker.ts';
import { AsMakerConfig } from './as-maker/as-maker-config.ts';
import { START_MS, someMarket, TICKER, tick, touch, viewOf } from './test-support/memory-view.ts';
import { volatilityPolicy } from './volatility-policy/volatility-policy.ts';
import { VolatilityPolicyConfig } from './volatility-policy/volatility-policy-config.ts';

it('a bouncing market is detected, gets a session, and is quoted by its regime', () => {
  const fold = volatilityFold(ScannerConfig.parse({ volatility_scanner: { allow_unknown_volume: true } }));
  const state = fold.start();
  const policy = volatilityPolicy(VolatilityPolicyConfig.parse({}), fold);
  const memory = policy.start();
  fold.absorb(state, { type: 'market.opened', atMs: START_MS, market: someMarket() }, viewOf({}));

  const log: string[] = [];
  const openSessions: SessionView[] = [];
  for (let second = 1; second <= 30; second++) {
    const nowMs = START_MS + second * 1_000;
    const mid = Math.floor(second / 3) % 2 === 0 ? 4800 : 5200;
    const view = viewOf({
      nowMs,
      scenes: [{ ...touch(mid - 200, mid + 200), lastTradeMs: Timestamp.of(nowMs) }],
      fold: { fold, state },
      openSessions,
    });
    for (const event of fold.absorb(state, tick(nowMs), view)) log.push(`${second} ${event.type}`);
    for (const action of policy.review(memory, tick(nowMs), view)) {
      log.push(`${second} ${action.type}`);
      if (action.type !== 'open') continue;
      const { ticker, maxPosition, facts } = action;
      const maker = createAsMaker(fold);
      const session = { sessionId: 's1', ticker, startedMs: Timestamp.of(nowMs), maxPosition, facts };
      openSessions.push({ ...session, phase: 'quoting', endsMs: action.endsMs });
      const [intent] = maker.decide(maker.start(AsMakerConfig.parse({}), session), tick(nowMs), view);
      expect(intent).toMatchObject({
        type: 'quote',
        ticker: TICKER,
        bids: [{ count: Count.of(200) }],
        asks: [{ count: Count.of(200) }],
        explanation: { regime: 'MEAN_REVERTING', profile: 'mean_reverting', sigmaEventWeight: 0.5 },
      });
    }
  }
  expect(log).toEqual(['18 regime.changed', '18 volatility.detected', '23 open']);
});

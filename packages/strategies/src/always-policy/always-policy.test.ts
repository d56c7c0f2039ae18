import { Count, type Event, type SessionView, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { START_MS, someMarket, TICKER, tick, touch, viewOf } from '../test-support/memory-view.ts';
import { AlwaysPolicyConfig, alwaysPolicy } from './always-policy.ts';

const opened: Event = { type: 'market.opened', atMs: START_MS, market: someMarket() };
const session: SessionView = {
  sessionId: 's1',
  ticker: TICKER,
  phase: 'quoting',
  startedMs: START_MS,
  endsMs: null,
};
const closeMs = someMarket().closeMs;

function policy(input: unknown = {}) {
  const made = alwaysPolicy(AlwaysPolicyConfig.parse(input));
  return { made, memory: made.start() };
}

describe('alwaysPolicy', () => {
  it('opens one session at the first trusted two-sided book', () => {
    const { made, memory } = policy();
    expect(
      made.review(memory, opened, viewOf({ scenes: [{ ...touch(4500, 5500), trusted: false }] })),
    ).toEqual([]);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes: [{ bids: [[4500, 100]] }] }))).toEqual([]);
    const ready = viewOf({ scenes: [touch(4500, 5500)] });
    expect(made.review(memory, tick(START_MS), ready)).toEqual([
      {
        type: 'open',
        ticker: TICKER,
        reason: 'always',
        endsMs: closeMs - 180_000,
        maxPosition: Count.of(300),
        facts: { sigma: null, jumpCents: null, profile: null, regime: null },
      },
    ]);
  });

  it('repeats the opening until the engine has taken it up, and then never again', () => {
    const { made, memory } = policy();
    const scenes = [touch(4500, 5500)];
    expect(made.review(memory, opened, viewOf({ scenes }))).toHaveLength(1);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes }))).toHaveLength(1);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes, openSessions: [session] }))).toEqual([]);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes }))).toEqual([]);
  });

  it('learns markets from a catalog scan, and only active ones', () => {
    const { made, memory } = policy();
    const idle = someMarket({ ticker: Ticker.of('IDLE'), status: 'inactive' });
    const scan: Event = {
      type: 'catalog.scanned',
      atMs: START_MS,
      markets: [someMarket(), idle],
      activity: [],
    };
    const view = viewOf({ scenes: [touch(4500, 5500), { ...touch(4500, 5500), market: idle }] });
    expect(made.review(memory, scan, view)).toMatchObject([{ type: 'open', ticker: TICKER }]);
  });

  it('keeps to the session limit', () => {
    const { made, memory } = policy({ max_concurrent_sessions: 1 });
    made.review(memory, opened, viewOf({}));
    const other: SessionView = { ...session, ticker: Ticker.of('OTHER') };
    const scenes = [touch(4500, 5500)];
    expect(made.review(memory, tick(START_MS), viewOf({ scenes, openSessions: [other] }))).toEqual([]);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes }))).toHaveLength(1);
  });

  it('closes in the danger window and opens nothing there', () => {
    const { made, memory } = policy();
    const late = { nowMs: closeMs - 180_000, scenes: [touch(4500, 5500)] };
    expect(made.review(memory, opened, viewOf(late))).toEqual([]);
    expect(made.review(memory, tick(late.nowMs), viewOf({ ...late, openSessions: [session] }))).toEqual([
      { type: 'close', ticker: TICKER, reason: 'close-window', exit: 'passive' },
    ]);
    const exiting = { ...session, phase: 'exiting' } as const;
    expect(made.review(memory, tick(late.nowMs), viewOf({ ...late, openSessions: [exiting] }))).toEqual([]);
    expect(
      made.review(
        memory,
        tick(START_MS),
        viewOf({ ...late, nowMs: late.nowMs - 1, openSessions: [session] }),
      ),
    ).toEqual([]);
  });

  it('opens another session when a market that was paused is back', () => {
    const { made, memory } = policy();
    const closed: Event = {
      type: 'market.closed',
      atMs: Timestamp.of(START_MS),
      ticker: TICKER,
      reason: 'paused',
    };
    const scenes = [touch(4500, 5500)];
    made.review(memory, opened, viewOf({}));
    expect(made.review(memory, closed, viewOf({ scenes }))).toEqual([]);
    expect(made.review(memory, tick(START_MS), viewOf({ scenes }))).toEqual([]);
    expect(made.review(memory, opened, viewOf({ scenes }))).toMatchObject([{ type: 'open' }]);
  });
});

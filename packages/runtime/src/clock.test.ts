import { Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { ExchangeClock } from './index.ts';

function clockAt(startMs: number) {
  let wallMs = startMs;
  const clock = new ExchangeClock({ now: () => Timestamp.of(wallMs) });
  return { clock, pass: (ms: number) => (wallMs += ms) };
}

describe('ExchangeClock', () => {
  it('is the machine clock until told otherwise', () => {
    const { clock, pass } = clockAt(5_000);
    pass(100);
    expect(clock.now()).toBe(5_100);
    expect(clock.speed).toBe(1);
  });

  it('runs at the speed of the exchange and never back', () => {
    const { clock, pass } = clockAt(1_800_000_000_000);
    expect(clock.syncFromHeader('now=1000000; speed=20')).toBe(true);
    pass(50);
    expect(clock.now()).toBe(1_001_000);
    clock.syncFromHeader('now=1000900; speed=20');
    expect(clock.now()).toBe(1_001_000);
    pass(10);
    expect(clock.now()).toBe(1_001_100);
  });

  it('ignores headers that are not its own', () => {
    const { clock } = clockAt(7);
    for (const header of [null, undefined, '', 'now=1', 'now=-1; speed=1', 'now=1; speed=x']) {
      expect(clock.syncFromHeader(header)).toBe(false);
    }
    expect(clock.now()).toBe(7);
  });
});

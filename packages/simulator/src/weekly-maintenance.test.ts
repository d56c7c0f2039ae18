import { Money, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';
import { nextMaintenance, scheduleWeeklyMaintenance } from './weekly-maintenance.ts';

const WEEK_MS = 7 * 86_400_000;
const parse = (text: string): Timestamp => Timestamp.of(Date.parse(text));

describe('weekly maintenance', () => {
  it.each([
    ['2026-11-21T00:00:00Z', '2026-11-26T08:00:00.000Z'],
    ['2026-07-01T00:00:00Z', '2026-07-02T07:00:00.000Z'],
    // Daylight saving began on Sunday 8 March 2026 and ended on Sunday 1 November.
    ['2026-03-05T10:00:00Z', '2026-03-12T07:00:00.000Z'],
    ['2026-10-29T09:00:00Z', '2026-11-05T08:00:00.000Z'],
    // In the window.
    ['2026-11-05T09:59:59Z', '2026-11-05T08:00:00.000Z'],
    ['2024-02-29T09:00:00Z', '2024-02-29T08:00:00.000Z'],
  ])('after %s starts at %s', (after, start) => {
    expect(Timestamp.formatIso(nextMaintenance(parse(after)).startMs)).toBe(start);
  });

  it('is Thursday 03:00 to 05:00 by the clock of New York, at any time', () => {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    const after = fc.integer({ min: Date.parse('2008-01-01'), max: Date.parse('2090-01-01') });
    fc.assert(
      fc.property(after, (ms) => {
        const { startMs, endMs } = nextMaintenance(Timestamp.of(ms));
        expect(clock.format(startMs)).toMatch(/^Thu,? 03:00$/);
        expect(clock.format(endMs)).toMatch(/^Thu,? 05:00$/);
        expect(endMs).toBeGreaterThan(ms);
        expect(startMs - ms).toBeLessThanOrEqual(WEEK_MS + 3_600_000);
      }),
    );
  });

  it('pauses trading in every window, lets cancels pass, and takes off what asked for it', () => {
    const startMs = parse('2026-10-28T12:00:00Z');
    const exchange = createExchange({ idSeed: 1, startMs });
    exchange.addUser('ann', Money.fromDollars(100));
    exchange.listMarket(sampleMarket({ closeMs: Timestamp.of(startMs + 10 * WEEK_MS) }));
    scheduleWeeklyMaintenance(exchange);
    const place = (cancelOnPause: boolean) => {
      const placed = exchange.place('ann', sampleOrder('bid', 40, 1, { cancelOnPause }));
      if (!placed.ok) throw new Error(placed.error.code);
      return placed.value.order;
    };
    for (const window of ['2026-10-29T07:00:00Z', '2026-11-05T08:00:00Z', '2026-11-12T08:00:00Z']) {
      const pauseMs = parse(window);
      exchange.advanceTo(Timestamp.of(pauseMs - 1));
      const stays = place(false);
      const goes = place(true);
      exchange.advanceTo(pauseMs);
      expect(exchange.tradingActive).toBe(false);
      expect([stays.status, goes.status]).toEqual(['resting', 'canceled']);
      expect(exchange.place('ann', sampleOrder('bid', 40, 1))).toMatchObject({
        error: { code: 'trading_is_paused' },
      });
      expect(exchange.cancel('ann', stays.orderId).ok).toBe(true);
      exchange.advanceTo(Timestamp.of(pauseMs + 2 * 3_600_000));
      expect(exchange.tradingActive).toBe(true);
    }
  });
});

import { createRandom } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { averagingDigital } from './averaging-digital.ts';

describe('the probability that an average ends above a strike', () => {
  it.each<[string, number, number, number, number, number]>([
    ['two minutes before the close', 120, 5, 0, 0, 0.7113],
    ['at the start of the window', 60, 5, 0, 0, 0.8653],
    ['half through, one ahead on average, the price at the strike', 30, 0, 30, 0, 0.6212],
    ['decided', 0, 3, 60 * 0.5, 0, 1],
    ['decided the other way', 0, 3, -30, 0, 0],
  ])('%s', (_name, secondsLeft, price, fixed, strike, expected) => {
    expect(averagingDigital(secondsLeft, price, fixed, 1, strike)).toBeCloseTo(expected, 4);
  });

  it('is what simulated paths give', () => {
    const random = createRandom('paths');
    let above = 0;
    for (let path = 0; path < 20_000; path++) {
      let price = 5;
      let sum = 0;
      for (let second = 0; second < 120; second++) {
        price += random.normal();
        if (second >= 60) sum += price;
      }
      if (sum > 0) above++;
    }
    expect(above / 20_000).toBeCloseTo(averagingDigital(120, 5, 0, 1, 0), 1.7);
  });
});

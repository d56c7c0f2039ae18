import { createRandom } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import { Figure } from './figure.ts';
import { NewsCalendar } from './news-calendar.ts';

const HOUR = 3_600_000;
const traits = { driftPerDay: 1, surprise: 2, newsEveryMs: 6 * HOUR, newsSize: 3 };

it('a figure is a fact from its release on, and not before', () => {
  const figure = new Figure(traits, createRandom(1), 0, 48 * HOUR, 100);
  figure.advanceTo(48 * HOUR - 1);
  expect(figure.actual).toBeNull();
  expect(figure.above(figure.expected)).toBeCloseTo(0.5, 6);
  const before = figure.expected;
  figure.advanceTo(48 * HOUR);
  expect(figure.actual).not.toBeNull();
  expect(figure.actual).not.toBe(before);
  expect([figure.above(figure.actual! - 0.01), figure.above(figure.actual! + 0.01)]).toEqual([1, 0]);
  figure.advanceTo(90 * HOUR);
  expect(figure.expected).toBe(figure.actual);
});

it('thresholds pay about as often as believed', () => {
  let paid = 0;
  let believed = 0;
  for (let seed = 0; seed < 2000; seed++) {
    const figure = new Figure(traits, createRandom(seed), 0, 48 * HOUR, 100);
    believed += figure.above(104);
    for (let hour = 1; hour <= 48; hour++) figure.advanceTo(hour * HOUR);
    paid += figure.above(104);
  }
  expect(Math.abs(paid - believed) / 2000).toBeLessThan(0.04);
});

it('news comes at the same times however often one looks', () => {
  const coarse = new NewsCalendar(createRandom(4), 0, HOUR);
  const fine = new NewsCalendar(createRandom(4), 0, HOUR);
  const whole = coarse.take(50 * HOUR);
  let sum = 0;
  let times = 0;
  for (let at = 0; at <= 50 * HOUR; at += HOUR / 60) {
    const news = fine.take(at);
    sum += news;
    if (news !== 0) times++;
  }
  expect(sum).toBeCloseTo(whole, 12);
  expect(fine.next).toEqual(coarse.next);
  expect(times).toBeGreaterThan(25);
});

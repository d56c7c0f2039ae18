import { expect, it } from 'vitest';
import { createMicroClock } from './micro-clock.ts';

it('counts microseconds, keeps its direction, and follows a corrected clock', () => {
  let wallMs = 1_790_000_000_000;
  let counterMs = 12.5;
  const now = createMicroClock(
    () => wallMs,
    () => counterMs,
  );
  expect(now()).toBe(1_790_000_000_000_000);
  counterMs += 0.25;
  expect(now()).toBe(1_790_000_000_000_250);
  // The counter runs a little ahead of the clock's milliseconds, and then behind.
  counterMs += 1;
  expect(now()).toBe(1_790_000_000_001_250);
  wallMs += 4;
  expect(now()).toBe(1_790_000_000_001_250);
  wallMs += 3_600_000;
  expect(now()).toBe(1_790_003_600_004_000);
});

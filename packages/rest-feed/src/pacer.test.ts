import { expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

it('keeps requests apart, woken or not', async () => {
  const pacer = new Pacer(4);
  const beganMs = performance.now();
  for (let i = 0; i < 8; i++) {
    const turn = pacer.turn();
    pacer.wake();
    await turn;
    // Counted from the beginning: a slow machine only makes it later.
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(4 * i);
  }
});

it('ends a pause when it is woken, also before it begins', async () => {
  const pacer = new Pacer(0);
  const far = performance.now() + 1e9;
  pacer.wake();
  await pacer.pauseUntil(far);
  const pause = pacer.pauseUntil(far);
  pacer.wake();
  await pause;
});

it('lets nothing through when it is closed', async () => {
  const pacer = new Pacer(1e9);
  expect(await pacer.turn()).toBe(true);
  const waiting = pacer.turn();
  pacer.close();
  expect(await waiting).toBe(false);
  await pacer.pauseUntil(performance.now() + 1e9);
});

import { expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

it('keeps requests apart, woken or not', async () => {
  const pacer = new Pacer(4);
  const starts: number[] = [];
  for (let i = 0; i < 8; i++) {
    const turn = pacer.turn();
    pacer.wake();
    await turn;
    starts.push(performance.now());
  }
  for (let i = 1; i < starts.length; i++) expect(starts[i]! - starts[i - 1]!).toBeGreaterThan(3);
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

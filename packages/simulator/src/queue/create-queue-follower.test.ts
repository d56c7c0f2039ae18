import { createRandom, type Random } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { blockOf, playQueue } from '../testing/play-queue.ts';
import { createQueueFollower, type PlaceErrors } from './create-queue-follower.ts';
import type { QueueModel } from './queue-model.ts';

const errorsOf = (models: readonly QueueModel[], choose: (random: Random) => number) => {
  const follower = createQueueFollower({ modelsOf: () => models });
  for (let market = 0; market < 6; market++) {
    follower.absorb(playQueue(createRandom(`market ${market}`), market, 800, choose).block);
  }
  return follower.errors();
};

describe('followed orders', () => {
  it('are where every model says while only trades move them', () => {
    const models: readonly QueueModel[] = [{ kind: 'conservative' }, { kind: 'power', exponent: 2 }];
    const follower = createQueueFollower({ modelsOf: () => models });
    follower.absorb(
      blockOf(0, [
        [2, 0, 0],
        [0, 500, 0],
        [0, 300, 0],
        [0, -200, 1],
        [0, -300, 1],
        [0, -300, 1],
      ]),
    );
    const exact: PlaceErrors = { orders: 1, bias: 0, absolute: 0 };
    expect(follower.errors()).toEqual([exact, exact]);
  });

  it('show by hand how far a model is off', () => {
    const models: readonly QueueModel[] = [{ kind: 'conservative' }, { kind: 'share', share: 0.25 }];
    const follower = createQueueFollower({ modelsOf: () => models });
    follower.absorb(
      blockOf(0, [
        [2, 0, 0],
        [0, 600, 0],
        [0, 400, 0],
        [0, 200, 0],
        [0, 700, 0],
        // The second order goes: 600 of 1000 are left in front of the third, 800 of 1200 in front of the fourth.
        [0, -400, 0],
        [0, -100, 1],
        [0, -200, 0],
        [0, -700, 0],
      ]),
    );
    // The third is at 1000 by the first model and at 900 by the second, 0.4 and 0.3 of 1000 too many. For the fourth
    // the level shows no more than 800, so both are right. The second has met no trade.
    const [conservative, share] = follower.errors();
    expect(conservative).toEqual({ orders: 2, bias: 0.2, absolute: 0.2 });
    expect(share).toEqual({ orders: 2, bias: 0.15, absolute: 0.15 });
  });

  it('lag behind a model that is too slow and run ahead of none that is true', () => {
    const [conservative, even, touch] = errorsOf(
      [{ kind: 'conservative' }, { kind: 'power', exponent: 1 }, { kind: 'touch' }],
      (random) => random.next(),
    );
    expect(conservative!.bias).toBeGreaterThan(0.1);
    expect(conservative!.absolute).toBeCloseTo(conservative!.bias, 12);
    expect(Math.abs(even!.bias)).toBeLessThan(0.03);
    expect(even!.absolute).toBeLessThan(conservative!.absolute);
    expect(touch!.bias).toBeLessThan(-0.1);
    expect(even!.orders).toBeGreaterThan(500);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { createSignaturesAhead, type SignaturesAhead } from './signatures-ahead.ts';
import type { Signer } from './signer.ts';
import { createFakeTime, type FakeTime, settle } from './testing/fake-time.ts';

/** Signs by counting. */
interface CountingSigner extends Signer {
  readonly made: () => number;
  /** Most that were being made at the same time. */
  readonly mostAtOnce: () => number;
}

let time: FakeTime;
let signer: CountingSigner;
let ahead: SignaturesAhead;

function createCountingSigner(isFast = false): CountingSigner {
  let made = 0;
  let underWay = 0;
  let mostAtOnce = 0;
  const headers: Signer['headers'] = (_method, _path, nowMs) => ({
    stamp: String(nowMs),
    nr: String(++made),
  });
  return {
    keyId: 'k',
    isFast,
    headers,
    async headersLater(method, path, nowMs) {
      mostAtOnce = Math.max(mostAtOnce, ++underWay);
      await null;
      underWay--;
      return headers(method, path, nowMs);
    },
    made: () => made,
    mostAtOnce: () => mostAtOnce,
  };
}

function begin(shareMs = 0): void {
  ahead = createSignaturesAhead({ ...time, signer, method: 'POST', path: '/orders', shareMs });
}

/** What so many requests at once find ready, and lets the stock fill again. */
async function burst(size: number): Promise<Record<string, string>[]> {
  const found = Array.from({ length: size }, () => ahead.take()).filter((headers) => headers !== null);
  await settle();
  return found;
}

beforeEach(() => {
  time = createFakeTime(1_795_000_000_000);
  signer = createCountingSigner();
  begin();
});

describe('signatures ahead', () => {
  it('are there for the whole of a burst, once there has been one, and each is used once', async () => {
    expect(await burst(50)).toEqual([]);
    const found = [...(await burst(50)), ...(await burst(50))];
    expect(found.length).toBe(100);
    expect(new Set(found.map(({ nr }) => nr)).size).toBe(100);
  });

  it('are few where orders come one by one', async () => {
    for (let i = 0; i < 20; i++) await burst(1);
    expect(signer.made()).toBeLessThan(20 + 9);
  });

  it('are never more than 1.5 s from the time, whenever they are taken', async () => {
    await burst(50);
    for (let second = 0; second < 30; second++) {
      await time.advance(1_130);
      const found = await burst(10);
      expect(found.length).toBe(10);
      for (const { stamp } of found) {
        expect(Math.abs(Number(stamp) - time.clock.now())).toBeLessThanOrEqual(1_500);
      }
    }
  });

  it('are not given out when the clock was set', async () => {
    let aheadMs = 0;
    const clock = { now: () => (time.clock.now() + aheadMs) as ReturnType<typeof time.clock.now> };
    ahead = createSignaturesAhead({ ...time, clock, signer, method: 'POST', path: '/orders' });
    await burst(4);
    aheadMs = 4_000;
    expect(await burst(1)).toEqual([]);
    aheadMs = -4_000;
    expect(await burst(1)).toEqual([]);
    expect(await burst(1)).toHaveLength(1);
  });

  it('are made one at a time, and cost little while none is taken', async () => {
    await burst(200);
    expect(await burst(0)).toEqual([]);
    const before = signer.made();
    await time.advance(10_000);
    // 64 lie ready, each for at least 2 s: at 0.3 ms each, 1 % of a core.
    expect(signer.made() - before).toBeLessThanOrEqual(64 * 5);
    expect(signer.made() - before).toBeGreaterThanOrEqual(64 * 3);
    expect(signer.mostAtOnce()).toBe(1);
  });

  it('are given up a minute after the last one was taken', async () => {
    await burst(50);
    await time.advance(62_000);
    const before = signer.made();
    await time.advance(600_000);
    expect(signer.made()).toBe(before);
    expect(await burst(1)).toEqual([]);
    expect(await burst(1)).toHaveLength(1);
  });

  it('are no more once the exchange has refused one', async () => {
    await burst(50);
    ahead.refused();
    const before = signer.made();
    expect(await burst(5)).toEqual([]);
    await time.advance(10_000);
    expect(signer.made()).toBe(before);
  });

  it('are the same for all requests of a while, when shared', async () => {
    begin(250);
    await burst(1);
    const found = await burst(30);
    await time.advance(251);
    const later = await burst(1);
    expect([found.length, new Set(found.map(({ nr }) => nr)).size]).toEqual([30, 1]);
    expect(found).not.toContainEqual(later[0]);
    // Each request may add headers of its own.
    expect(found[0]).not.toBe(found[1]);
  });

  it('are not made where a signature is cheap', async () => {
    signer = createCountingSigner(true);
    begin();
    await burst(5);
    expect([signer.made(), await burst(5)]).toEqual([0, []]);
  });
});

import { createRandom } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createFakeTime, settle } from './testing/fake-time.ts';
import { createTokenBuckets, type TokenBucketsOptions } from './token-buckets.ts';

const base = '/trade-api/v2/portfolio/events/orders';
const costs = {
  defaultCost: 10,
  endpoints: [{ method: 'DELETE', path: `${base}/:order_id`, cost: 2 }],
};

function limits(refillPerSecond: number, capacity: number) {
  const bucket = { refillPerSecond, capacity };
  return { usageTier: 'test', read: bucket, write: bucket };
}

interface Sent {
  readonly kind: 'cancel' | 'other';
  readonly cost: number;
  readonly askedMs: number;
  readonly sentMs: number;
  /** When the exchange takes the tokens. */
  readonly billedMs: number;
}

/** @param delay milliseconds on the way, there and back */
function setup(options: Partial<TokenBucketsOptions> = {}, delay = (): number => 0) {
  const time = createFakeTime();
  const buckets = createTokenBuckets({
    limits: limits(100, 100),
    costs,
    clock: time.clock,
    timer: time.timer,
    marginMs: 0,
    ...options,
  });
  const sent: Sent[] = [];
  const ask = (kind: 'cancel' | 'other'): void => {
    const askedMs = time.clock.now();
    const asked =
      kind === 'cancel'
        ? buckets.write({ method: 'DELETE', path: `${base}/X`, priority: 'cancel' })
        : buckets.write({ method: 'POST', path: base, priority: 'quote' });
    void asked.then((lease) => {
      if (lease === null) return;
      const there = delay();
      const sentMs = time.clock.now();
      sent.push({ kind, cost: kind === 'cancel' ? 2 : 10, askedMs, sentMs, billedMs: sentMs + there });
      const back = there + delay();
      if (back === 0) lease();
      else time.timer.after(back, lease);
    });
  };
  return { time, buckets, sent, ask };
}

describe('createTokenBuckets', () => {
  it("never overdraws the exchange's bucket, and never lets a cancel wait behind an order", async () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = createRandom(`buckets-${seed}`);
      const rate = 50 + random.integer(300);
      const capacity = 60 + random.integer(400);
      const slowestMs = random.integer(400);
      const { time, buckets, sent, ask } = setup({ limits: limits(rate, capacity) }, () =>
        random.integer(slowestMs + 1),
      );
      const asked = { cancel: 0, other: 0 };
      for (let step = 0; step < 150; step++) {
        const kind = random.next() < 0.4 ? 'cancel' : 'other';
        asked[kind]++;
        ask(kind);
        if (random.next() < 0.6) await time.advance(random.integer(120));
        await settle();
      }
      await time.advance(3_600_000);

      expect(sent.filter(({ kind }) => kind === 'cancel').length).toBe(asked.cancel);
      expect(sent.filter(({ kind }) => kind === 'other').length).toBe(asked.other);
      expect(overdraft(sent, rate, capacity), `seed ${seed}`).toBeLessThanOrEqual(1e-6);
      for (const [index, { kind, sentMs }] of sent.entries()) {
        if (kind === 'cancel') continue;
        const passed = sent
          .slice(index + 1)
          .filter((other) => other.kind === 'cancel' && other.askedMs < sentMs);
        expect(passed, `seed ${seed}: an order overtook a waiting cancel`).toEqual([]);
      }
      expect(buckets.backpressureMs()).toBe(0);
    }
  });

  it('keeps ten cancels in reserve', async () => {
    const { sent, ask } = setup();
    for (let i = 0; i < 20; i++) ask('other');
    await settle();
    expect(sent.length).toBe(8);
    for (let i = 0; i < 12; i++) ask('cancel');
    await settle();
    expect(sent.length).toBe(18);
  });

  it('shows how long the next order would wait', async () => {
    const { time, buckets, ask } = setup();
    expect(buckets.backpressureMs()).toBe(0);
    for (let i = 0; i < 10; i++) ask('other');
    await settle();
    // 80 tokens sent, 20 reserved, 20 waiting, 10 for the next.
    expect(buckets.backpressureMs()).toBe(300);
    await time.advance(100);
    await settle();
    expect(buckets.backpressureMs()).toBe(200);
  });

  it('starts from nothing after a 429', async () => {
    const { time, buckets, sent, ask } = setup();
    buckets.emptied('write');
    ask('cancel');
    await time.advance(19);
    await settle();
    expect(sent).toEqual([]);
    await time.advance(1);
    await settle();
    expect(sent.length).toBe(1);
  });

  it('counts a request as spoken for until it is answered', async () => {
    const { time, sent, ask } = setup({ reservedCancels: 0 }, () => 500);
    for (let i = 0; i < 15; i++) ask('other');
    await time.advance(999);
    // The bucket may still be full at the exchange, which then cannot refill.
    expect(sent.length).toBe(10);
    await time.advance(101);
    expect(sent.length).toBe(11);
  });

  it('refuses orders beyond the queue, never cancels', async () => {
    const { buckets, sent, ask } = setup({ maxQueuedWrites: 2 });
    for (let i = 0; i < 10; i++) ask('other');
    await settle();
    expect(await buckets.write({ method: 'POST', path: base, priority: 'quote' })).toBeNull();
    for (let i = 0; i < 50; i++) ask('cancel');
    await settle();
    expect(sent.length).toBe(18);
  });

  it('lets exits pass quotes, and quotes pass what can wait', async () => {
    const { time, buckets } = setup();
    const order: string[] = [];
    for (const priority of ['read', 'quote', 'exit', 'quote', 'cancel', 'read', 'exit'] as const) {
      // Too much for the bucket to hold twice.
      void buckets.write({ method: 'POST', path: base, priority, items: 5 }).then((lease) => {
        order.push(priority);
        lease?.();
      });
    }
    await time.advance(60_000);
    expect(order).toEqual(['read', 'cancel', 'exit', 'exit', 'quote', 'quote', 'read']);
  });

  it('bills a batch by its items, and a shard from 1 on to a bucket of its own', async () => {
    const { time, buckets } = setup();
    const fates: string[] = [];
    const batch = (name: string, shard?: number): void => {
      void buckets.write({ method: 'POST', path: base, priority: 'quote', items: 8, shard }).then((lease) => {
        fates.push(name);
        lease?.();
      });
    };
    batch('common');
    batch('common again', 0);
    batch('shard 2', 2);
    batch('shard 3', 3);
    await settle();
    expect(fates).toEqual(['common', 'shard 2', 'shard 3']);
    expect(buckets.backpressureMs()).toBe(900);
    expect(buckets.backpressureMs(0)).toBe(900);
    expect(buckets.backpressureMs(2)).toBe(100);
    expect(buckets.backpressureMs(1)).toBe(0);
    await time.advance(800);
    expect(fates.at(-1)).toBe('common again');
  });

  it('refuses all that wait when it closes', async () => {
    const { buckets, ask } = setup();
    for (let i = 0; i < 8; i++) ask('other');
    const waiting = buckets.write({ method: 'POST', path: base, priority: 'quote' });
    buckets.close();
    expect(await waiting).toBeNull();
    expect(await buckets.read('GET', '/trade-api/v2/markets')).toBeNull();
  });

  it('names the largest possible reserve when the wanted one is too large', () => {
    expect(() => setup({ reservedCancels: 46 })).toThrow(/Reserve at most 45 cancels/);
    expect(() => setup({ reservedCancels: 45 })).not.toThrow();
  });
});

/** Replays what was billed on the exchange's own rule: the most that a bucket was ever short of. */
function overdraft(sent: readonly Sent[], rate: number, capacity: number): number {
  const billed = sent.toSorted((a, b) => a.billedMs - b.billedMs);
  let tokens = capacity;
  let lastMs = billed[0]?.billedMs ?? 0;
  let worst = 0;
  for (const { billedMs, cost } of billed) {
    tokens = Math.min(capacity, tokens + ((billedMs - lastMs) * rate) / 1000) - cost;
    lastMs = billedMs;
    worst = Math.max(worst, -tokens);
  }
  return worst;
}

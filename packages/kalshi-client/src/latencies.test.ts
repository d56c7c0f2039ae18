import { expect, it } from 'vitest';
import { createLatencies } from './latencies.ts';

it('tells count, mean and percentiles by endpoint, to 1 %', () => {
  const latencies = createLatencies();
  for (let ms = 1; ms <= 100; ms++) latencies.record('GET /markets', ms);
  latencies.record('POST /portfolio/events/orders', 0.25);
  const markets = latencies.read().get('GET /markets')!;
  expect(markets.count).toBe(100);
  const near = (found: number, ms: number): void => expect(Math.abs(found - ms) / ms).toBeLessThan(0.02);
  near(markets.meanMs, 50.5);
  near(markets.p50Ms, 50);
  near(markets.p99Ms, 99);
  near(markets.maxMs, 100);
  near(latencies.read().get('POST /portfolio/events/orders')!.p50Ms, 0.25);
});

it('keeps no more endpoints than an exchange has, and takes any duration', () => {
  const latencies = createLatencies();
  for (let i = 0; i < 1_000; i++) latencies.record(`GET /${i}`, i * 1_000_000);
  expect(latencies.read().size).toBe(300);
});

import { describe, expect, it } from 'vitest';
import { createRandom } from './index.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same seed, on any machine', () => {
    const random = createRandom(42);
    expect([random.next(), random.next(), random.integer(1_000)]).toMatchInlineSnapshot(`
      [
        0.9269847161550997,
        0.149668013902726,
        927,
      ]
    `);
    expect(createRandom('a').next()).not.toBe(createRandom('b').next());
  });

  it('forks without advancing', () => {
    const random = createRandom(7);
    const first = createRandom(7).next();
    random.fork('flow').next();
    expect(random.next()).toBe(first);
    expect(random.fork('flow').next()).toBe(createRandom(7).fork('flow').next());
  });

  it('has the moments of its distributions', () => {
    const random = createRandom('moments');
    const n = 200_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    let exponential = 0;
    for (let i = 0; i < n; i++) {
      const u = random.next();
      expect(u >= 0 && u < 1).toBe(true);
      uniform += u / n;
      const z = random.normal();
      normal += z / n;
      square += (z * z) / n;
      exponential += random.exponential(3) / n;
    }
    expect(uniform).toBeCloseTo(0.5, 2);
    expect(normal).toBeCloseTo(0, 2);
    expect(square).toBeCloseTo(1, 1);
    expect(exponential).toBeCloseTo(3, 1);
  });
});

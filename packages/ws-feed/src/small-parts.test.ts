import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { RecentSet } from './recent-set.ts';
import { Sequence } from './sequence.ts';
import { TickerCache } from './ticker-cache.ts';

describe('a sequence', () => {
  it('takes the first number as it comes, then tells next, gap and repeat', () => {
    const sequence = new Sequence();
    expect([7, 8, 8, 10, 9, 11].map((seq) => sequence.check(seq))).toEqual([
      'next',
      'next',
      'repeat',
      'gap',
      'repeat',
      'next',
    ]);
  });

  it('tells a gap, not repeats for ever, when the numbering starts again', () => {
    const sequence = new Sequence();
    sequence.check(5_000);
    const verdicts = Array.from({ length: 100 }, (_, i) => sequence.check(i + 1));
    expect(verdicts.filter((verdict) => verdict === 'gap').length).toBe(1);
    expect(verdicts.at(-1)).toBe('next');
  });

  it('lets each number pass at most once between gaps, and misses no lost one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('send', 'lose', 'twice'), { maxLength: 60 }), (acts) => {
        const sequence = new Sequence();
        sequence.check(0);
        let seq = 0;
        let lost = false;
        for (const act of acts) {
          seq++;
          if (act === 'lose') {
            lost = true;
            continue;
          }
          expect(sequence.check(seq)).toBe(lost ? 'gap' : 'next');
          lost = false;
          if (act === 'twice') expect(sequence.check(seq)).toBe('repeat');
        }
      }),
    );
  });
});

describe('the delay before a new attempt', () => {
  it('doubles from the base to the most, half of it by chance', () => {
    const delays = (random: number) => [0, 1, 2, 3, 4, 50].map((n) => backoffMs(n, 500, 5_000, () => random));
    expect(delays(0)).toEqual([250, 500, 1_000, 2_000, 2_500, 2_500]);
    expect(delays(0.5)).toEqual([375, 750, 1_500, 3_000, 3_750, 3_750]);
  });
});

describe('a set of recent keys', () => {
  it('knows the last keys of its capacity and forgets old ones', () => {
    const recent = new RecentSet(3);
    for (const key of ['a', 'b', 'c', 'd']) expect(recent.add(key)).toBe(true);
    for (const key of ['b', 'c', 'd']) expect(recent.add(key)).toBe(false);
    for (const key of ['e', 'f', 'g']) recent.add(key);
    expect(recent.add('a')).toBe(true);
  });
});

describe('a ticker cache', () => {
  it('gives the right name for any bytes, when hashes collide and when it is full', () => {
    const cache = new TickerCache((ticker) => ticker, 8);
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9-]{1,70}$/), fc.nat(3), (name, hash) => {
        const bytes = Buffer.from(`xx${name}yy`);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        expect(cache.get(bytes, view, 2, 2 + name.length, hash)).toBe(name);
      }),
    );
  });
});

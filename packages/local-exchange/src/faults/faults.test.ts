import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, FaultOptions } from './fault-options.ts';
import { Faults } from './faults.ts';

describe('Faults', () => {
  const hits = (faults: Faults, name: Parameters<Faults['happens']>[0], tries: number) =>
    Array.from({ length: tries }, () => faults.happens(name, 'GET /markets'));

  it('hits as often as the rate says, and the same ones for the same seed', () => {
    const first = hits(new Faults({ seed: 4, restLate: 0.2 }), 'restLate', 5_000);
    expect(first.filter(Boolean).length / 5_000).toBeCloseTo(0.2, 1);
    expect(hits(new Faults({ seed: 4, restLate: 0.2 }), 'restLate', 5_000)).toEqual(first);
    expect(hits(new Faults({ seed: 5, restLate: 0.2 }), 'restLate', 5_000)).not.toEqual(first);
  });

  it('leaves a fault where it was when another is switched on', () => {
    const alone = new Faults({ seed: 1, feedDrop: 0.5 });
    const both = new Faults({ seed: 1, feedDrop: 0.5, restLate: 0.5 });
    const drops = (faults: Faults) =>
      Array.from({ length: 200 }, () => {
        faults.happens('restLate', 'GET /markets');
        return faults.happens('feedDrop', 'trade');
      });
    expect(drops(both)).toEqual(drops(alone));
  });

  it('does what it was ordered to, that often, and only where it fits', () => {
    const faults = new Faults({});
    expect(faults.isActive).toBe(false);
    faults.inject('feedDrop', { times: 2, match: 'fill' });
    expect(faults.happens('feedDrop', 'trade')).toBe(false);
    expect(hitsOn(faults, 'fill', 3)).toEqual([true, true, false]);
    expect(faults.isActive).toBe(false);
    expect([faults.happened('feedDrop'), faults.happened('feedDelay')]).toEqual([2, 0]);
  });

  it.each([
    ['an unknown option', { restUnavailible: 0.1 }],
    ['a rate above one', { restLate: 1.5 }],
    ['a rate as text', { restLate: '0.1' }],
    ['an unknown fault in the script', { script: [{ fault: 'fire' }] }],
  ])('refuses %s by name', (_, options) => {
    expect(() => new Faults(options as never)).toThrow(/rest|fault|script/);
    expect(() => new Faults(options as never)).toThrow(
      expect.objectContaining({ code: 'bad-fault' }) as never,
    );
  });

  it('refuses to inject what does not exist', () => {
    expect(() => new Faults({}).inject('fire' as never)).toThrow(/no such fault/);
    expect(() => new Faults({}).inject('feedDrop', { times: 0 })).toThrow(/times/);
  });

  it('describes every option', () => {
    for (const [name, schema] of Object.entries(FaultOptions.shape)) {
      expect([name, schema.description]).toEqual([name, expect.stringMatching(/\.$/)]);
    }
    expect(Object.keys(FaultOptions.shape)).toEqual(expect.arrayContaining([...FAULT_NAMES]));
  });
});

function hitsOn(faults: Faults, subject: string, tries: number): boolean[] {
  return Array.from({ length: tries }, () => faults.happens('feedDrop', subject));
}

import { describe, expect, it } from 'vitest';
import { type ExtremeBand, extremeBand, positionFactor, quotedSides } from './extreme-band.ts';

describe('extremeBand', () => {
  it.each<[number, ExtremeBand]>([
    [0.5, 'hard-low'],
    [4.99, 'hard-low'],
    [5, 'soft'],
    [14.99, 'soft'],
    [15, 'normal'],
    [50, 'normal'],
    [85, 'normal'],
    [85.01, 'soft'],
    [95, 'soft'],
    [95.01, 'hard-high'],
    [99.5, 'hard-high'],
  ])('%d cents is %s', (midCents, band) => {
    expect(extremeBand(midCents)).toBe(band);
  });

  it('takes other bounds', () => {
    const bands = { hardLowCents: 2, softLowCents: 10, softHighCents: 90, hardHighCents: 98 };
    expect(extremeBand(3, bands)).toBe('soft');
    expect(extremeBand(12, bands)).toBe('normal');
    expect(extremeBand(98.5, bands)).toBe('hard-high');
  });

  it('refuses bounds out of order and a missing mid', () => {
    const bands = { hardLowCents: 15, softLowCents: 5, softHighCents: 85, hardHighCents: 95 };
    expect(() => extremeBand(50, bands)).toThrow(/bands is 15\/5\/85\/95, expected ordered bounds/);
    expect(() => extremeBand(50, { ...bands, hardLowCents: Number.NaN })).toThrow(RangeError);
    expect(() => extremeBand(Number.NaN)).toThrow(/midCents is NaN/);
  });
});

describe('positionFactor', () => {
  it('is 1, 0.3 and 0.1 unless configured', () => {
    const bands: ExtremeBand[] = ['normal', 'soft', 'hard-low', 'hard-high'];
    expect(bands.map((band) => positionFactor(band))).toEqual([1, 0.3, 0.1, 0.1]);
    expect(bands.map((band) => positionFactor(band, { soft: 0.5, hard: 0 }))).toEqual([1, 0.5, 0, 0]);
  });
});

describe('quotedSides', () => {
  it('bids only when very cheap, asks only when very dear', () => {
    expect(quotedSides('hard-low')).toEqual({ bid: true, ask: false });
    expect(quotedSides('hard-high')).toEqual({ bid: false, ask: true });
    expect(quotedSides('soft')).toEqual({ bid: true, ask: true });
    expect(quotedSides('normal')).toEqual({ bid: true, ask: true });
  });
});

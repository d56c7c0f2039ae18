import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Count, formatDecimal, Money, Price, parseDecimal, Timestamp, WireError } from './index.ts';

describe('parseDecimal', () => {
  it('round-trips every integer of a unit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 8 }), (value, digits) => {
        expect(parseDecimal(formatDecimal(value, digits), digits)).toBe(value);
      }),
    );
  });

  it.each([
    ['0.5200', 4, 5_200],
    ['0.52', 4, 5_200],
    ['0.520000', 4, 5_200],
    ['1', 4, 10_000],
    ['-3.00', 2, -300],
    ['-0.00', 2, 0],
    ['20833.30', 2, 2_083_330],
  ])('reads %s at %i digits as %i', (text, digits, value) => {
    expect(parseDecimal(text, digits)).toBe(value);
  });

  it.each([
    [''],
    ['.5'],
    ['5.'],
    ['-'],
    ['-.5'],
    ['1e3'],
    ['0x10'],
    [' 1'],
    ['1 '],
    ['1.2.3'],
    ['NaN'],
    ['0.00001'],
    ['99999999999999999999'],
    [0.52],
    [null],
    [undefined],
  ])('refuses %s', (text) => {
    expect(() => parseDecimal(text, 4, 'some.path')).toThrow(WireError);
    expect(() => parseDecimal(text, 4, 'some.path')).toThrow(/^some\.path: expected /);
  });
});

describe('units', () => {
  it('reads and prints prices, counts and money as the exchange does', () => {
    expect(Price.format(Price.parse('0.52'))).toBe('0.5200');
    expect(Count.format(Count.parse('10'))).toBe('10.00');
    expect(Money.format(Money.parse('-0.0175'))).toBe('-0.017500');
    expect(Money.notional(Price.parse('0.52'), Count.parse('3'))).toBe(Money.parse('1.56'));
  });

  it('refuses what cannot be', () => {
    expect(() => Price.parse('1.0001')).toThrow(WireError);
    expect(() => Price.parse('-0.1')).toThrow(WireError);
    expect(() => Count.parse('-1')).toThrow(WireError);
    expect(() => Count.parse('1.001')).toThrow(WireError);
    expect(() => Price.of(0.5)).toThrow(WireError);
    expect(() => Money.of(Number.NaN)).toThrow(WireError);
    expect(() => Money.notional(10_000, Number.MAX_SAFE_INTEGER)).toThrow(/safe integers/);
  });

  it('reads only times with a zone', () => {
    expect(Timestamp.parseIso('2026-08-11T01:30:05.45973Z')).toBe(1_786_411_805_459);
    expect(Timestamp.formatIso(Timestamp.of(1_786_411_805_459))).toBe('2026-08-11T01:30:05.459Z');
    expect(() => Timestamp.parseIso('2026-08-11T01:30:05')).toThrow(WireError);
    expect(() => Timestamp.parseIso(1_786_411_805)).toThrow(WireError);
  });
});

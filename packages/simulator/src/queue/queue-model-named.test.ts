import { MmError } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { queueModelName, queueModelNamed } from './queue-model-named.ts';

const files: Record<string, string> = {
  'a.json': JSON.stringify({ kind: 'fitted', sharesAhead: [0, 0.3, 1], observations: 5 }),
  'b.json': JSON.stringify({ kind: 'fitted', sharesAhead: [0, 0.3] }),
  'c.json': '{"kind":"fitted"}',
  'd.json': 'no json',
};
const sources = { share: 0.4, readText: (file: string) => files[file] ?? '' };

describe('the name of a queue model', () => {
  it.each([
    'through-only',
    'conservative',
    'share:0.3',
    'power:2',
    'power-one-sided:0.25',
    'log',
    'log-one-sided',
    'touch',
  ])('%s is read and told again', (name) => {
    expect(queueModelName(queueModelNamed(name, sources))).toBe(name);
  });

  it('share alone takes the configured share', () => {
    expect(queueModelNamed('share', sources)).toEqual({ kind: 'share', share: 0.4 });
  });

  it('fitted reads a file', () => {
    const model = queueModelNamed('fitted:a.json', sources);
    expect(model).toEqual({ kind: 'fitted', sharesAhead: [0, 0.3, 1] });
    expect(queueModelName(model)).toBe('fitted');
  });

  it.each([
    '',
    'fast',
    'power',
    'power:',
    'power:two',
    'power:-1',
    'share:2',
    'touch:1',
    'fitted',
    'fitted:b.json',
    'fitted:c.json',
    'fitted:d.json',
    'Power:2',
  ])('%j is refused', (name) => {
    expect(() => queueModelNamed(name, sources)).toThrow(MmError);
  });
});

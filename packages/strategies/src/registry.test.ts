import { describe, expect, it } from 'vitest';
import { strategyNamed, strategyNames } from './registry.ts';

describe('strategyNamed', () => {
  it('makes every strategy that it names', () => {
    expect(strategyNames).toEqual(['as-maker']);
    for (const name of strategyNames) expect(strategyNamed(name, { volatility: null }).name).toBe(name);
  });

  it.each(['as-makr', 'toString'])('refuses %s and says what there is', (name) => {
    expect(() => strategyNamed(name, { volatility: null })).toThrow(/no strategy .*as-maker/s);
  });
});

import { describe, expect, it } from 'vitest';
import { configBlocks, configReference } from './config-reference.ts';

describe('the configuration reference', () => {
  it('says of every key and block what it means', () => {
    expect(configReference().filter(({ description }) => description === '')).toEqual([]);
    expect(configBlocks().filter(({ description }) => description === '')).toEqual([]);
  });

  it('gives defaults as JSON, and none where there is none', () => {
    const byKey = new Map(configReference().map((each) => [each.key, each.defaultJson]));
    expect(byKey.get('mode')).toBe('"paper"');
    expect(byKey.get('risk.global_risk_budget')).toBe('60');
    expect(byKey.get('volatility_mm.regime_kill.kill_modes.QUIET')).toBeNull();
  });
});

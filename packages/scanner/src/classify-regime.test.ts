import type { Regime } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { classifyRegime, type RegimeStatistics } from './classify-regime.ts';
import { RegimesConfig } from './regimes-config.ts';

const config = RegimesConfig.parse({});

const calm: RegimeStatistics = {
  observations: 20,
  sigma: 0.02,
  meanChange: 0,
  meanReversion: 0.5,
  spreadCents: 2,
  depthContracts: 200,
};

describe('classifyRegime', () => {
  it.each<[Regime, Partial<RegimeStatistics>]>([
    ['UNKNOWN', { observations: 4, meanReversion: 0.9 }],
    ['UNKNOWN', { sigma: null }],
    ['CHAOTIC', { depthContracts: 49.99 }],
    ['MEAN_REVERTING', { depthContracts: 50, meanReversion: 0.61 }],
    ['NOISE', { spreadCents: 7 }],
    ['NOISE', { spreadCents: 12 }],
    ['UNKNOWN', { spreadCents: 13 }],
    ['UNKNOWN', { spreadCents: 6.9 }],
    ['CHAOTIC', { spreadCents: 8, depthContracts: 1 }],
    ['QUIET', { sigma: 0.0099 }],
    ['UNKNOWN', { sigma: 0.01 }],
    ['UNKNOWN', { meanReversion: 0.6 }],
    ['TRENDING', { meanReversion: 0.39, meanChange: 0.0016 }],
    ['TRENDING', { meanReversion: 0.39, meanChange: -0.0016 }],
    ['UNKNOWN', { meanReversion: 0.39, meanChange: 0.0015 }],
    ['UNKNOWN', { meanReversion: 0.4, meanChange: 0.01 }],
    ['UNKNOWN', { meanReversion: null, meanChange: 0.01 }],
  ])('%s for %j', (regime, changes) => {
    expect(classifyRegime({ ...calm, ...changes }, config, 'hard_trending')).toBe(regime);
  });

  it('uses the drift threshold of the profile', () => {
    const drifting = { ...calm, meanReversion: 0.3, meanChange: 0.0014 }; // drift 0.07
    expect(classifyRegime(drifting, config, 'mean_reverting')).toBe('TRENDING');
    expect(classifyRegime(drifting, config, 'low_liquidity')).toBe('UNKNOWN');
    const faster = { ...drifting, meanChange: 0.0018 }; // drift 0.09
    expect(classifyRegime(faster, config, 'low_liquidity')).toBe('TRENDING');
    expect(classifyRegime(faster, config, 'medium_trending')).toBe('UNKNOWN');
  });

  it('does not divide by a vanishing sigma', () => {
    const still = RegimesConfig.parse({ min_sigma_for_regime: 0 });
    const creeping = { ...calm, sigma: 1e-9, meanChange: 1e-9, meanReversion: 0 };
    expect(classifyRegime(creeping, still, 'low_liquidity')).toBe('UNKNOWN');
  });
});

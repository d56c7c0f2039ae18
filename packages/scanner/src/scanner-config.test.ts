import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resolveProfile } from './resolve-profile.ts';
import { ScannerConfig } from './scanner-config.ts';

describe('ScannerConfig', () => {
  it('has these defaults', () => {
    expect(ScannerConfig.parse({})).toMatchSnapshot();
  });

  it.each([
    [{ volatility_scaner: {} }, 'volatility_scaner'],
    [{ volatility_scanner: { sigma_treshold: 1 } }, 'sigma_treshold'],
    [{ regimes: { gamma_multipliers: { QUITE: 1 } } }, 'QUITE'],
    [{ regimes: { by_profile: { mean_reverting: { drift: 1 } } } }, 'drift'],
    [{ category_profiles: { low_liquidity: { spread_tigt: 0.1 } } }, 'spread_tigt'],
    [{ category_profiles: { mean_reverting: { by_regime: { QUIET: { excluded: true } } } } }, 'excluded'],
  ])('refuses the unknown key in %j', (input, key) => {
    const { error } = ScannerConfig.safeParse(input);
    expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: [key] }]);
  });

  it.each([
    [{ volatility_scanner: { volatility_window_minutes: 20 } }, 'volatility_window_minutes'],
    [
      { volatility_scanner: { refresh_interval_seconds: 0.1, rolling_window_minutes: 60 } },
      'rolling_window_minutes',
    ],
    [{ volatility_scanner: { regime_filters: { allowed_for_events: ['TRENDING'] } } }, 'regime_filters'],
    [{ category_profiles: { mean_reverting: { spread_tight: 0.05 } } }, 'mean_reverting'],
    [{ category_profiles: { weather: { spread_tight: 0.05 } } }, 'spread_wide'],
  ])('refuses the contradiction in %j', (input, place) => {
    const { error } = ScannerConfig.safeParse(input);
    expect(error?.issues.flatMap((issue) => issue.path)).toContain(place);
  });

  it('merges a change into the defaults of its profile', () => {
    const config = ScannerConfig.parse({
      category_profiles: {
        mean_reverting: { by_regime: { TRENDING: { spread_wide: 0.3 } } },
        weather: { spread_tight: 0.02, spread_wide: 0.05 },
      },
      category_mapping: { climate: 'weather', gone: 'nothing' },
    });
    expect(resolveProfile(config, 'rates', 'TRENDING')).toEqual({
      name: 'mean_reverting',
      sigmaBlend: 0.5,
      spreadTightCents: 2,
      spreadWideCents: 30,
      excluded: true,
      maxPositionFactor: 0.3,
    });
    expect(resolveProfile(config, 'climate', 'QUIET')).toMatchObject({
      name: 'weather',
      sigmaBlend: null,
      excluded: false,
    });
    expect(resolveProfile(config, 'sports', null)).toMatchObject({ name: 'hard_trending', excluded: true });
    for (const category of ['politics', 'gone', 'unknown', 'toString']) {
      expect(resolveProfile(config, category, null).name).toBe('mean_reverting');
    }
  });

  it('says so when no profile is left', () => {
    const config = ScannerConfig.parse({ category_mapping: { fallback: 'nothing' } });
    expect(() => resolveProfile(config, 'unknown', null)).toThrow(/category_mapping.fallback.*nothing/s);
  });

  it('describes every number with its unit or meaning', () => {
    const shape = ScannerConfig.def.shape;
    const blocks = [shape.volatility_scanner, shape.regimes].map((block) => block.def.innerType);
    for (const block of blocks) {
      for (const [key, schema] of Object.entries<z.ZodType>(block.def.shape)) {
        if (key === 'regime_filters') continue;
        expect(schema.description, key).toBeTruthy();
      }
    }
    expect(z.toJSONSchema(ScannerConfig, { io: 'input' })).toHaveProperty('properties.regimes');
  });
});

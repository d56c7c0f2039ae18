import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AlwaysPolicyConfig } from './always-policy/always-policy.ts';
import { AsMakerConfig } from './as-maker/as-maker-config.ts';
import { VolatilityPolicyConfig } from './volatility-policy/volatility-policy-config.ts';

describe('configuration', () => {
  it('of as-maker has these defaults', () => {
    const { category_profiles: _, category_mapping: __, regimes: ___, ...own } = AsMakerConfig.parse({});
    expect(own).toMatchSnapshot();
  });

  it('of the policies has these defaults', () => {
    const { volatility_mm, throttling } = AsMakerConfig.parse({});
    expect(VolatilityPolicyConfig.parse({})).toMatchObject({ volatility_mm, throttling });
    expect(AlwaysPolicyConfig.parse({})).toMatchSnapshot();
  });

  it.each([
    [AsMakerConfig, { as_modell: {} }, 'as_modell'],
    [AsMakerConfig, { as_model: { gamma: 1 } }, 'gamma'],
    [AsMakerConfig, { as_model: { sigma: { cache_ttl_hours: 1 } } }, 'cache_ttl_hours'],
    [AsMakerConfig, { extreme_prices: { soft_factor: 1 } }, 'soft_factor'],
    [AsMakerConfig, { throttling: { trigger: 1 } }, 'trigger'],
    [AsMakerConfig, { quoting: { size: 1 } }, 'size'],
    [AsMakerConfig, { volatility_mm: { guardrails: { illiquidity: 1 } } }, 'illiquidity'],
    [VolatilityPolicyConfig, { volatility_mm: { regime_kill: { kill_modes: { CALM: 'soft' } } } }, 'CALM'],
    [VolatilityPolicyConfig, { as_model: {} }, 'as_model'],
    [AlwaysPolicyConfig, { max_position: 1 }, 'max_position'],
  ])('%# refuses the unknown key in %j', (schema, input, key) => {
    expect(schema.safeParse(input).error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: [key] }]);
  });

  it.each([
    [{ as_model: { min_total_spread: 0.05 } }, 'min_total_spread'],
    [{ volatility_mm: { sigma_floor: 0.1 } }, 'sigma_floor'],
    [{ extreme_prices: { normal_band: [0.2, 0.8] } }, 'normal_band'],
    [{ as_model: { k_by_category: { weather: 0 } } }, 'weather'],
  ])('refuses the contradiction in %j', (input, place) => {
    expect(AsMakerConfig.safeParse(input).error?.issues.flatMap((issue) => issue.path)).toContain(place);
  });

  it('describes every key', () => {
    const blocks = Object.entries(z.toJSONSchema(AsMakerConfig, { io: 'input' }).properties ?? {});
    const silent: string[] = [];
    for (const [block, schema] of blocks) {
      if (block === 'regimes' || block.startsWith('category')) continue;
      walk(block, schema as { properties?: Record<string, object> }, silent);
    }
    expect(blocks.length).toBe(8);
    expect(silent).toEqual([]);
  });
});

function walk(path: string, schema: { properties?: Record<string, object> }, silent: string[]): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const below = child as { properties?: Record<string, object>; description?: string };
    if (path.endsWith('kill_modes')) continue;
    if (below.properties !== undefined) walk(`${path}.${key}`, below, silent);
    else if (below.description === undefined) silent.push(`${path}.${key}`);
  }
}

import { z } from 'zod';
import { REGIMES } from './regime-names.ts';

/** What a profile changes while a market is in one regime; an absent key keeps the profile's own value. */
export type RegimeOverride = z.output<ReturnType<typeof regimeOverride>>;

/** How markets of one kind behave, with changes by regime. */
export type CategoryProfile = z.output<ReturnType<typeof profile>>;

interface OverrideDefaults {
  readonly sigma_blend?: number;
  readonly spread_tight?: number;
  readonly spread_wide?: number;
  readonly exclude?: boolean;
  readonly max_position_factor?: number;
}

interface ProfileDefaults {
  readonly sigma_blend?: number;
  readonly spread_tight?: number;
  readonly spread_wide?: number;
  readonly exclude?: boolean;
  readonly by_regime?: Partial<Record<(typeof REGIMES)[number], OverrideDefaults>>;
}

const sigmaBlend = z.number().min(0).max(1);
const spread = z.number().gt(0).lt(1);

/** Every key optional; the ones that the product has an opinion on carry a default. */
function regimeOverride(defaults: OverrideDefaults) {
  return z.strictObject({
    sigma_blend: orDefault(sigmaBlend, defaults.sigma_blend).describe(
      'Weight of the event sigma in this regime, 0 to 1',
    ),
    spread_tight: orDefault(spread, defaults.spread_tight).describe(
      'Smallest total spread in this regime, dollars',
    ),
    spread_wide: orDefault(spread, defaults.spread_wide).describe(
      'Largest total spread in this regime, dollars',
    ),
    exclude: orDefault(z.boolean(), defaults.exclude).describe('No event and no session in this regime'),
    max_position_factor: orDefault(z.number().min(0).max(1), defaults.max_position_factor).describe(
      'Factor on the position limit of a session opened in this regime, 0 to 1',
    ),
  });
}

function profile(defaults: ProfileDefaults) {
  const regimes = defaults.by_regime ?? {};
  return z.strictObject({
    sigma_blend: orDefault(sigmaBlend, defaults.sigma_blend).describe(
      'Weight of the event sigma against the estimated sigma, 0 to 1; absent: volatility_mm.sigma_blend_weight',
    ),
    spread_tight: required(spread, defaults.spread_tight).describe('Smallest total spread to quote, dollars'),
    spread_wide: required(spread, defaults.spread_wide).describe('Largest total spread to quote, dollars'),
    exclude: z
      .boolean()
      .default(defaults.exclude ?? false)
      .describe('No volatility event and no session in markets of this profile'),
    by_regime: z
      .strictObject({
        QUIET: regimeOverride(regimes.QUIET ?? {}).prefault({}),
        MEAN_REVERTING: regimeOverride(regimes.MEAN_REVERTING ?? {}).prefault({}),
        TRENDING: regimeOverride(regimes.TRENDING ?? {}).prefault({}),
        CHAOTIC: regimeOverride(regimes.CHAOTIC ?? {}).prefault({}),
        NOISE: regimeOverride(regimes.NOISE ?? {}).prefault({}),
        UNKNOWN: regimeOverride(regimes.UNKNOWN ?? {}).prefault({}),
      })
      .prefault({})
      .describe('Changes by regime'),
  });
}

const closed = { exclude: true, max_position_factor: 0 };

/** `category_profiles`: the profiles of seed configurations, and any others by name. */
export const CategoryProfilesConfig = z
  .object({
    mean_reverting: profile({
      sigma_blend: 0.5,
      spread_tight: 0.02,
      spread_wide: 0.04,
      by_regime: {
        QUIET: { spread_tight: 0.015 },
        MEAN_REVERTING: { spread_tight: 0.02, spread_wide: 0.04 },
        TRENDING: { exclude: true, max_position_factor: 0.3 },
        CHAOTIC: { exclude: true },
        NOISE: closed,
        UNKNOWN: closed,
      },
    })
      .prefault({})
      .describe('Rates, economic indicators, weather: oscillating prices'),
    medium_trending: profile({
      sigma_blend: 0.25,
      spread_tight: 0.03,
      spread_wide: 0.08,
      by_regime: {
        MEAN_REVERTING: { spread_tight: 0.03, sigma_blend: 0.3 },
        TRENDING: { spread_tight: 0.06, spread_wide: 0.12, max_position_factor: 0.5 },
        CHAOTIC: { exclude: true },
        NOISE: closed,
        UNKNOWN: closed,
      },
    })
      .prefault({})
      .describe('Crypto: sometimes directional, sometimes mean-reverting'),
    hard_trending: profile({
      sigma_blend: 0.2,
      spread_tight: 0.1,
      spread_wide: 0.2,
      exclude: true,
      by_regime: {
        TRENDING: { exclude: true },
        CHAOTIC: { exclude: true },
        NOISE: closed,
        UNKNOWN: closed,
      },
    })
      .prefault({})
      .describe('Sports: moves by news, one way'),
    low_liquidity: profile({
      sigma_blend: 0.1,
      spread_tight: 0.04,
      spread_wide: 0.12,
      by_regime: {
        TRENDING: { exclude: true },
        CHAOTIC: { exclude: true },
        NOISE: closed,
        UNKNOWN: closed,
      },
    })
      .prefault({})
      .describe('Entertainment, technology: thin books'),
  })
  .catchall(profile({}))
  .describe('How markets of one kind behave, with changes by regime; further profiles may be added by name.')
  .check(({ value, issues }) => {
    for (const [name, { spread_tight, spread_wide, by_regime }] of Object.entries(value)) {
      for (const regime of REGIMES) {
        const tight = by_regime[regime].spread_tight ?? spread_tight;
        const wide = by_regime[regime].spread_wide ?? spread_wide;
        if (tight <= wide) continue;
        issues.push({
          code: 'custom',
          input: value,
          path: [name, 'by_regime', regime],
          message: `spread_tight (${tight}) is above spread_wide (${wide}); make it at most that`,
        });
      }
    }
  });

export type CategoryProfilesConfig = z.output<typeof CategoryProfilesConfig>;

const profileName = z.string().min(1);

/** `category_mapping`: which profile a market's category has. Categories are lower-case; any may be added. */
export const CategoryMappingConfig = z
  .object({
    rates: profileName.default('mean_reverting').describe('Profile of category rates'),
    economic: profileName.default('mean_reverting').describe('Profile of category economic'),
    crypto: profileName.default('medium_trending').describe('Profile of category crypto'),
    sports: profileName.default('hard_trending').describe('Profile of category sports'),
    entertainment: profileName.default('low_liquidity').describe('Profile of category entertainment'),
    tech: profileName.default('low_liquidity').describe('Profile of category tech'),
    default: profileName.default('mean_reverting').describe('Profile of a category that is not listed here'),
    fallback: profileName
      .default('mean_reverting')
      .describe('Profile when the category is unknown, or its profile does not exist'),
  })
  .catchall(profileName)
  .describe('Which profile a category has; categories are lower-case and any may be added.');

export type CategoryMappingConfig = z.output<typeof CategoryMappingConfig>;

function orDefault<T extends z.ZodType>(schema: T, value: z.output<T> | undefined) {
  const optional = schema.optional();
  return value === undefined ? optional : optional.prefault(value as z.input<T>);
}

/** Typed as if always defaulted, so that the known profiles may be given in part; without a value it stays required. */
function required<T extends z.ZodType>(schema: T, value: z.output<T> | undefined): z.ZodPrefault<T> {
  return (value === undefined ? schema : schema.prefault(value as z.input<T>)) as z.ZodPrefault<T>;
}

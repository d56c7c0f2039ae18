import { MmError, type Regime } from '@kalshi-mm/core';
import type {
  CategoryMappingConfig,
  CategoryProfile,
  CategoryProfilesConfig,
  RegimeOverride,
} from './category-profiles-config.ts';

/** A profile with the changes of one regime applied. */
export interface ResolvedProfile {
  readonly name: string;
  /** Weight of the event sigma, 0 to 1; null: the profile does not say. */
  readonly sigmaBlend: number | null;
  /** Smallest and largest total spread, in cents. */
  readonly spreadTightCents: number;
  readonly spreadWideCents: number;
  readonly excluded: boolean;
  /** Factor on the position limit, 0 to 1. */
  readonly maxPositionFactor: number;
}

interface ProfileSource {
  readonly category_profiles: CategoryProfilesConfig;
  readonly category_mapping: CategoryMappingConfig;
}

/**
 * The profile name of a category: its own mapping, else `default`; `fallback` for the category `unknown` and when
 * the mapped profile does not exist.
 *
 * @throws MmError `unknown-profile` when not even the fallback exists
 */
export function profileName(config: ProfileSource, category: string): string {
  const { category_mapping: mapping, category_profiles: profiles } = config;
  const mapped =
    category === 'unknown' || category === ''
      ? mapping.fallback
      : Object.hasOwn(mapping, category)
        ? mapping[category]!
        : mapping.default;
  if (Object.hasOwn(profiles, mapped)) return mapped;
  if (Object.hasOwn(profiles, mapping.fallback)) return mapping.fallback;
  throw new MmError('unknown-profile', `category_mapping.fallback names no profile: ${mapping.fallback}`, {
    facts: { category, profiles: Object.keys(profiles).join(', ') },
    todo: 'Name one of the profiles in category_profiles.',
  });
}

/** The profile of a category while its market is in `regime` (null: no regime known, no changes). */
export function resolveProfile(
  config: ProfileSource,
  category: string,
  regime: Regime | null,
): ResolvedProfile {
  const name = profileName(config, category);
  const profile: CategoryProfile = config.category_profiles[name]!;
  const override: Partial<RegimeOverride> = regime === null ? {} : profile.by_regime[regime];
  return {
    name,
    sigmaBlend: override.sigma_blend ?? profile.sigma_blend ?? null,
    spreadTightCents: cents(override.spread_tight ?? profile.spread_tight),
    spreadWideCents: cents(override.spread_wide ?? profile.spread_wide),
    excluded: profile.exclude || (override.exclude ?? false),
    maxPositionFactor: override.max_position_factor ?? 1,
  };
}

/** Dollars of a configuration file to cents, without the tail of a binary fraction. */
function cents(dollars: number): number {
  return Math.round(dollars * 1e8) / 1e6;
}

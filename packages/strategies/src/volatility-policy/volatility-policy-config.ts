import { CategoryMappingConfig, CategoryProfilesConfig } from '@kalshi-mm/scanner';
import { z } from 'zod';
import { ThrottlingConfig } from '../throttling-config.ts';
import { VolatilityMmConfig } from '../volatility-mm-config.ts';

/** Everything that the volatility policy is configured with, by its blocks in the configuration file. */
export const VolatilityPolicyConfig = z.strictObject({
  volatility_mm: VolatilityMmConfig.prefault({}),
  throttling: ThrottlingConfig.prefault({}),
  category_profiles: CategoryProfilesConfig.prefault({}),
  category_mapping: CategoryMappingConfig.prefault({}),
});

export type VolatilityPolicyConfig = z.output<typeof VolatilityPolicyConfig>;

import { z } from 'zod';
import { CategoryMappingConfig, CategoryProfilesConfig } from './category-profiles-config.ts';
import { RegimesConfig } from './regimes-config.ts';
import { VolatilityScannerConfig } from './volatility-scanner-config.ts';

/** Everything that the volatility fold is configured with, by its blocks in the configuration file. */
export const ScannerConfig = z.strictObject({
  volatility_scanner: VolatilityScannerConfig.prefault({}),
  regimes: RegimesConfig.prefault({}),
  category_profiles: CategoryProfilesConfig.prefault({}),
  category_mapping: CategoryMappingConfig.prefault({}),
});

export type ScannerConfig = z.output<typeof ScannerConfig>;

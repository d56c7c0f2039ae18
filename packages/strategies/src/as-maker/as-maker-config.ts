import { CategoryMappingConfig, CategoryProfilesConfig, RegimesConfig } from '@kalshi-mm/scanner';
import { z } from 'zod';
import { ThrottlingConfig } from '../throttling-config.ts';
import { VolatilityMmConfig } from '../volatility-mm-config.ts';
import { AsModelConfig } from './as-model-config.ts';
import { ExtremePricesConfig } from './extreme-prices-config.ts';

/** `quoting`: sizes of the orders. */
export const QuotingConfig = z
  .strictObject({
    order_contracts: z
      .number()
      .gt(0)
      .nullable()
      .default(null)
      .describe('Largest size of one order, contracts; null: the position limit of the session'),
    position_limit_buffer: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .describe('Share of the position limit that quotes leave free'),
    whole_contracts: z.boolean().default(true).describe('Round sizes down to whole contracts'),
  })
  .describe('Sizes of the orders.');

export type QuotingConfig = z.output<typeof QuotingConfig>;

/** Everything that as-maker is configured with, by its blocks in the configuration file. */
export const AsMakerConfig = z.strictObject({
  as_model: AsModelConfig.prefault({}),
  extreme_prices: ExtremePricesConfig.prefault({}),
  throttling: ThrottlingConfig.prefault({}),
  quoting: QuotingConfig.prefault({}),
  volatility_mm: VolatilityMmConfig.prefault({}),
  regimes: RegimesConfig.prefault({}),
  category_profiles: CategoryProfilesConfig.prefault({}),
  category_mapping: CategoryMappingConfig.prefault({}),
});

export type AsMakerConfig = z.output<typeof AsMakerConfig>;

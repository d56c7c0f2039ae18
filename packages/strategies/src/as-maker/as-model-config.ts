import { z } from 'zod';

const kPerCent = z.number().gt(0);

/** `as_model`: parameters of the Avellaneda-Stoikov quotes. gamma and k are per cent of price. */
export const AsModelConfig = z
  .strictObject({
    risk_horizon_seconds: z.number().gt(0).default(3600).describe('Risk horizon, seconds'),
    horizon_ends_with_session: z
      .boolean()
      .default(true)
      .describe('Whether the remaining horizon also ends where the session does, not only at the close'),
    k_by_category: z
      .object({
        default: kPerCent.default(1.5).describe('k of any other category, per cent'),
        sports: kPerCent.default(2).describe('k of sports, per cent'),
        rates: kPerCent.default(1.2).describe('k of rates, per cent'),
        crypto: kPerCent.default(1.8).describe('k of crypto, per cent'),
      })
      .catchall(kPerCent)
      .prefault({})
      .describe('Decay of the fill intensity by category, per cent of distance'),
    base_gamma: z.number().gt(0).default(0.3).describe('Risk aversion before schedule and regime, per cent'),
    gamma_schedule: z
      .enum(['constant', 'seed', 'increasing'])
      .default('seed')
      .describe('How gamma depends on inventory: constant, falling (seed) or increasing'),
    building_side_widening: z
      .number()
      .min(0)
      .default(0.5)
      .describe('Extra share of the half-spread, at full inventory, on the side that adds to it; 0: none'),
    spread_caps: z
      .enum(['profile', 'as_model'])
      .default('profile')
      .describe('Where the smallest and largest total spread come from'),
    min_total_spread: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.02)
      .describe('Smallest total spread with spread_caps: as_model, dollars'),
    max_total_spread: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.02)
      .describe('Largest total spread with spread_caps: as_model, dollars'),
    sigma: z
      .strictObject({
        baseline: z
          .number()
          .gt(0)
          .default(0.05)
          .describe('Baseline sigma, dollars per square root of the horizon'),
        use_proxy: z
          .boolean()
          .default(true)
          .describe('Raise the baseline to baseline × (1 + 2p(1 − p)) at price p'),
        horizon_factor: z
          .number()
          .gt(0)
          .default(1)
          .describe(
            'Factor from the blended sigma to dollars per square root of the horizon; see the README',
          ),
      })
      .prefault({}),
  })
  .describe('Parameters of the Avellaneda-Stoikov quotes; gamma and k are per cent ($0.01) of price.')
  .check(({ value, issues }) => {
    if (value.min_total_spread <= value.max_total_spread) return;
    issues.push({
      code: 'custom',
      input: value,
      path: ['min_total_spread'],
      message: `${value.min_total_spread} is above max_total_spread (${value.max_total_spread})`,
    });
  });

export type AsModelConfig = z.output<typeof AsModelConfig>;

import { REGIMES } from '@kalshi-mm/scanner';
import { z } from 'zod';

const regime = z.enum(REGIMES);
const modes = z.enum(['soft', 'hard']);
const killMode = (regime: string) =>
  modes
    .optional()
    .describe(`How a session ends in ${regime}: soft works out, hard takes liquidity; absent: soft`);

/** `volatility_mm`: sessions that volatility events open, how they end, and the guards on quoting. */
export const VolatilityMmConfig = z
  .strictObject({
    max_concurrent_sessions: z.int().min(1).default(3).describe('Sessions at a time, exiting ones included'),
    session_ttl_minutes: z.number().gt(0).default(5).describe('Life of a session, minutes'),
    max_position_contracts: z
      .number()
      .gt(0)
      .default(3)
      .describe('Position limit of a session before profile factors, contracts'),
    quote_refresh_seconds: z
      .number()
      .gt(0)
      .default(3)
      .describe('Time between two looks at the quotes, seconds'),
    passive_exit: z
      .boolean()
      .default(true)
      .describe('Work positions out at the touch when a session ends; false: take liquidity at once'),
    ttl_soft_stop: z
      .boolean()
      .default(true)
      .describe('Use the passive exit at the end of the session life as well; false: take liquidity then'),
    ttl_close_if_small: z
      .number()
      .min(0)
      .default(2)
      .describe('A passive exit closes a position below this at once, contracts; read by the engine'),
    allowed_regimes_for_sessions: z
      .array(regime)
      .default(['MEAN_REVERTING', 'QUIET'])
      .describe('Regimes in which a session may be opened'),
    require_regime_stability: z
      .int()
      .min(0)
      .default(3)
      .describe('Consecutive windows the regime must have held before a session; 0: any'),
    delay_before_session_start_seconds: z
      .number()
      .min(0)
      .default(5)
      .describe('Least time from the event to the session, seconds'),
    regime_kill: z
      .strictObject({
        enabled: z.boolean().default(true).describe('End sessions whose regime has turned bad'),
        bad_regimes: z.array(regime).default(['TRENDING', 'CHAOTIC']).describe('Regimes that end a session'),
        require_adverse_selection: z
          .boolean()
          .default(true)
          .describe('Only when our fills are on the wrong side as well (see throttling.adverse_selection_…)'),
        kill_modes: z
          .strictObject({
            QUIET: killMode('QUIET'),
            MEAN_REVERTING: killMode('MEAN_REVERTING'),
            TRENDING: modes
              .default('soft')
              .describe('How a session ends in TRENDING: soft works out, hard takes liquidity'),
            CHAOTIC: modes
              .default('hard')
              .describe('How a session ends in CHAOTIC: soft works out, hard takes liquidity'),
            NOISE: killMode('NOISE'),
            UNKNOWN: killMode('UNKNOWN'),
          })
          .prefault({})
          .describe('soft: passive exit, hard: take liquidity; a bad regime without a mode is soft'),
      })
      .prefault({}),
    reopen_after_seconds: z
      .number()
      .min(0)
      .nullable()
      .default(30)
      .describe(
        'A market still volatile gets another session this long after its last one, seconds; null: none',
      ),
    sigma_blend_weight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Weight of the event sigma where the profile has none, 0 to 1'),
    sigma_cap: z.number().gt(0).default(0.08).describe('Largest sigma used, dollars'),
    sigma_floor: z.number().gt(0).default(0.005).describe('Smallest sigma used, dollars'),
    jump_magnitude_threshold_cents: z
      .number()
      .gt(0)
      .default(10)
      .describe('After a jump of at least this the event sigma is ignored, cents'),
    regime_stale_kill_seconds: z
      .number()
      .gt(0)
      .default(4)
      .describe('A session ends at once when its regime was last sampled longer ago, seconds'),
    soft_exit_max_wait_seconds: z
      .number()
      .min(0)
      .default(20)
      .describe('A soft exit after a bad regime turns hard after this, seconds'),
    max_slippage_for_limit_exit_cents: z
      .number()
      .min(0)
      .default(4)
      .describe('Largest slippage of a passive exit, cents; read by the engine'),
    disallow_new_sessions_if_open_positions_exist: z
      .boolean()
      .default(true)
      .describe('No session in a market where a position is left'),
    min_available_balance: z
      .number()
      .min(0)
      .default(100)
      .describe('No new session while the balance is below this, dollars'),
    max_resting_order_value: z
      .number()
      .gt(0)
      .default(10_000)
      .describe('Most value in resting orders, dollars; read by risk'),
    balance_hysteresis_ratio: z
      .number()
      .gt(0)
      .max(1)
      .default(0.85)
      .describe(
        'Once blocked, sessions come back when min_available_balance is at most this share of the balance',
      ),
    guardrails: z
      .strictObject({
        expiration_danger_window_seconds: z
          .number()
          .min(0)
          .default(180)
          .describe('No quotes this close to the end of trading, seconds'),
        illiquidity_timeout_seconds: z
          .number()
          .gt(0)
          .nullable()
          .default(15)
          .describe('No quotes when the last trade is older than this, seconds; null: not watched'),
        min_volatility_threshold: z
          .number()
          .min(0)
          .default(0.01)
          .describe('A session ends when its sigma drops below this, dollars per observation'),
      })
      .prefault({}),
  })
  .describe('Sessions that volatility events open, how they end, and the guards on quoting.')
  .check(({ value, issues }) => {
    if (value.sigma_floor <= value.sigma_cap) return;
    issues.push({
      code: 'custom',
      input: value,
      path: ['sigma_floor'],
      message: `${value.sigma_floor} is above sigma_cap (${value.sigma_cap})`,
    });
  });

export type VolatilityMmConfig = z.output<typeof VolatilityMmConfig>;

import { Count, type Fold, type RunId } from '@kalshi-mm/core';
import { Engine, type EngineRules } from '@kalshi-mm/engine';
import { riskLimits } from '@kalshi-mm/risk';
import { ScannerConfig, type VolatilityState, volatilityFold } from '@kalshi-mm/scanner';
import {
  AlwaysPolicyConfig,
  AsMakerConfig,
  alwaysPolicy,
  strategyNamed,
  VolatilityPolicyConfig,
  volatilityPolicy,
} from '@kalshi-mm/strategies';
import type { z } from 'zod';
import type { BotConfig } from './bot-config.ts';

/** Which markets get a session: those with a volatility event, or every open one. */
export type SessionsMode = 'volatility' | 'always';

export interface AssembleOptions {
  readonly config: BotConfig;
  readonly runId: RunId;
  /** A name that `strategyNamed` of package `strategies` knows. */
  readonly strategy: string;
  readonly sessions: SessionsMode;
  /** Start of the client order ids of this bot, in any run. @default '' every order of the account is ours */
  readonly ownPrefix?: string;
  /** True for live hosts, which recover before they trade. */
  readonly recovering: boolean;
}

export interface Assembled {
  readonly engine: Engine<never, unknown, never>;
  readonly volatility: Fold<VolatilityState>;
}

/**
 * Builds the engine that a configuration describes. Every host calls this: the same file gives the same kernel
 * live, on paper and in a backtest.
 *
 * @throws MmError `unknown-strategy`
 */
export function assembleEngine(options: AssembleOptions): Assembled {
  const { config, runId, strategy, sessions, recovering } = options;
  const volatility = volatilityFold(part(ScannerConfig, config));
  const chosen = strategyNamed(strategy, { volatility });
  const shared = {
    runId,
    ownPrefix: options.ownPrefix ?? '',
    strategy: chosen,
    strategyConfig: part(AsMakerConfig, config),
    folds: [volatility as Fold<unknown>],
    rules: engineRules(config),
    recovering,
  };
  const engine =
    sessions === 'always'
      ? new Engine({ ...shared, policy: alwaysPolicy(alwaysConfig(config)) })
      : new Engine({ ...shared, policy: volatilityPolicy(part(VolatilityPolicyConfig, config), volatility) });
  return { engine: engine as unknown as Assembled['engine'], volatility };
}

function engineRules(config: BotConfig): EngineRules {
  const { execution, volatility_mm: mm, websockets } = config;
  return {
    plan: {
      keepWithin: Math.round(execution.replace_tolerance_cents * 100),
      keepShare: execution.keep_size_share,
    },
    exit: {
      closeNowBelow: Count.floorContracts(mm.ttl_close_if_small),
      waitMs: execution.exit_wait_seconds * 1_000,
      maxSlippage: Math.round(mm.max_slippage_for_limit_exit_cents * 100),
    },
    risk: riskLimits(config.risk, mm.max_resting_order_value),
    orderTtlMs: execution.order_ttl_seconds * 1_000,
    feedFreezeAfterMs: websockets.ws_staleness_freeze_seconds * 1_000,
    feedStopAfterMs: websockets.ws_staleness_stop_seconds * 1_000,
    exitEveryMs: execution.exit_retry_seconds * 1_000,
  };
}

function alwaysConfig({ volatility_mm: mm }: BotConfig): AlwaysPolicyConfig {
  return AlwaysPolicyConfig.parse({
    max_position_contracts: mm.max_position_contracts,
    expiration_danger_window_seconds: mm.guardrails.expiration_danger_window_seconds,
    exit: mm.passive_exit ? 'passive' : 'now',
  });
}

/** The blocks of the file that one package is configured with. */
function part<Schema extends z.ZodObject>(schema: Schema, config: BotConfig): z.output<Schema> {
  const blocks = Object.keys(schema.shape).map((key) => [key, config[key as keyof BotConfig]]);
  return schema.parse(Object.fromEntries(blocks)) as z.output<Schema>;
}

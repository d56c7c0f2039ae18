import type { Fold, RunId, SessionPolicy, Strategy } from '@kalshi-mm/core';
import type { RiskLimits } from '@kalshi-mm/risk';
import type { ExitRules } from './exit-plan.ts';
import type { PlanRules } from './planner.ts';

export interface EngineRules {
  readonly plan: PlanRules;
  readonly exit: ExitRules;
  readonly risk: RiskLimits;
  /** Every resting order carries an expiration this far ahead: what a dead bot leaves behind ends by itself. */
  readonly orderTtlMs: number;
  /** Quotes are pulled when nothing has come over the feed for this long. */
  readonly feedFreezeAfterMs: number;
  /** Sessions end when nothing has come for this long. */
  readonly feedStopAfterMs: number;
  /** Pause between two attempts of an exit. */
  readonly exitEveryMs: number;
}

/** Everything that makes an engine; the same object builds the live, paper, backtest and replay kernels. */
export interface EngineConfig<Config, Memory, PolicyMemory> {
  readonly runId: RunId;
  /** Start of the run ids of this bot: fills and orders with other ids belong to other programs. Empty: all are ours. */
  readonly ownPrefix: string;
  readonly strategy: Strategy<Config, Memory>;
  readonly strategyConfig: Config;
  readonly policy: SessionPolicy<PolicyMemory>;
  readonly folds: readonly Fold<unknown>[];
  readonly rules: EngineRules;
  /** Start in recovery: nothing is sent but cancels until `trading.resumed`. Live hosts do. */
  readonly recovering: boolean;
}

import { type Fold, MmError, type Strategy } from '@kalshi-mm/core';
import type { VolatilityState } from '@kalshi-mm/scanner';
import { createAsMaker } from './as-maker/as-maker.ts';

/** The folds that run in the engine, for strategies that read them; null: does not run. */
export interface StrategyFolds {
  readonly volatility: Fold<VolatilityState> | null;
}

/** A strategy whose configuration is checked by its own schema. */
export type AnyStrategy = Strategy<unknown, unknown>;

const makers: Readonly<Record<string, (folds: StrategyFolds) => AnyStrategy>> = {
  'as-maker': ({ volatility }) => createAsMaker(volatility),
};

/** Names that {@link strategyNamed} knows. */
export const strategyNames: readonly string[] = Object.keys(makers);

/** @throws MmError `unknown-strategy`, naming the ones there are */
export function strategyNamed(name: string, folds: StrategyFolds): AnyStrategy {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make !== undefined) return make(folds);
  throw new MmError('unknown-strategy', `There is no strategy ${name}`, {
    facts: { known: strategyNames.join(', ') },
    todo: 'Name one of the known strategies.',
  });
}

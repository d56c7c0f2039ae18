import { FeedError } from './feed-error.ts';
import { ALL_NAMES } from './subscription.ts';

/** What can be done to the reference prices of a subscription. */
export interface PriceAction {
  readonly change: 'add' | 'remove' | 'list';
  /** The parameter that names prices; a channel knows one of the two. */
  readonly parameter: 'index_ids' | 'underlying_tickers';
}

/** By the name that a client gives. */
const PRICE_ACTIONS: ReadonlyMap<unknown, PriceAction> = new Map([
  ['subscribe_indices', { change: 'add', parameter: 'index_ids' }],
  ['unsubscribe_indices', { change: 'remove', parameter: 'index_ids' }],
  ['indexlist', { change: 'list', parameter: 'index_ids' }],
  ['subscribe_underlyings', { change: 'add', parameter: 'underlying_tickers' }],
  ['unsubscribe_underlyings', { change: 'remove', parameter: 'underlying_tickers' }],
  ['underlying_list', { change: 'list', parameter: 'underlying_tickers' }],
]);

/** A change of the prices of one subscription, checked. */
export interface PriceCommand extends PriceAction {
  readonly cmd: 'update_prices';
  readonly sid: number;
  readonly names: readonly string[];
}

/** @returns null when the action is none about prices @throws FeedError 24 or 28 without names, 11 */
export function readPriceCommand(
  params: Readonly<Record<string, unknown>>,
  sid: number,
): PriceCommand | null {
  const action = PRICE_ACTIONS.get(params.action);
  if (action === undefined) return null;
  const { change, parameter } = action;
  const names = change === 'list' ? [] : readPriceNames(params, parameter);
  if (change !== 'list' && names.length === 0) throw new FeedError(parameter === 'index_ids' ? 24 : 28);
  return { cmd: 'update_prices', sid, ...action, names };
}

/** @throws FeedError 11 for anything but a list of names */
export function readPriceNames(
  params: Readonly<Record<string, unknown>>,
  parameter: PriceAction['parameter'],
): string[] {
  const names = params[parameter] ?? [];
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) throw new FeedError(11);
  return names;
}

/** @param wanted is changed @param known every name that there is */
export function changeNames(wanted: Set<string>, { change, names }: PriceCommand, known: string[]): void {
  if (change === 'add') {
    for (const name of names) wanted.add(name);
    return;
  }
  if (names.includes(ALL_NAMES)) wanted.clear();
  // All but some are the others, one by one.
  if (wanted.delete(ALL_NAMES)) for (const name of known) wanted.add(name);
  for (const name of names) wanted.delete(name);
}

import { FeedError } from './feed-error.ts';
import { isGiven } from './is-given.ts';

const MOST_SHARDS = 100;

/**
 * Checks what a subscription to `communications` asks for. It is answered and nothing follows: no quotes are requested here.
 *
 * @throws FeedError 11, 19, 20, 21 or 22
 */
export function checkCommunications(params: Readonly<Record<string, unknown>>): void {
  const { shard_factor: factor, shard_key: key, user_filter: filter } = params;
  for (const number of [factor, key])
    if (isGiven(number) && !Number.isInteger(number)) throw new FeedError(11);
  if (isGiven(filter) && filter !== '' && filter !== 'self') throw new FeedError(11);
  if (isGiven(factor)) {
    if (Number(factor) <= 0) throw new FeedError(19);
    if (Number(factor) > MOST_SHARDS) throw new FeedError(22);
  }
  if (!isGiven(key)) return;
  if (!isGiven(factor)) throw new FeedError(20);
  if (Number(key) < 0 || Number(key) >= Number(factor)) throw new FeedError(21);
}

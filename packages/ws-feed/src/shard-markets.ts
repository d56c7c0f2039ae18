import type { Ticker } from '@kalshi-mm/core';

/**
 * Spreads markets over connections. A market stays where it is for as long as it is wanted: moving it would cost its
 * book. New ones go to the first connection with room, then to new connections.
 *
 * @param shards what each connection follows now; at least one
 * @param size markets that a connection takes
 * @returns what each is to follow, the given ones in place and new ones behind; any may be empty
 */
export function shardMarkets(
  wanted: Iterable<Ticker>,
  shards: readonly ReadonlySet<Ticker>[],
  size: number,
): Set<Ticker>[] {
  const next = shards.map(() => new Set<Ticker>());
  const homeless: Ticker[] = [];
  const home = new Map<Ticker, number>();
  for (const [index, shard] of shards.entries()) for (const ticker of shard) home.set(ticker, index);
  for (const ticker of wanted) {
    const index = home.get(ticker);
    if (index === undefined) homeless.push(ticker);
    else next[index]!.add(ticker);
  }
  let at = 0;
  for (const ticker of homeless) {
    while (at < next.length && next[at]!.size >= size) at++;
    if (at === next.length) next.push(new Set());
    next[at]!.add(ticker);
  }
  return next;
}

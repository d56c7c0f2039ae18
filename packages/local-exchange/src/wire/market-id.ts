import { createHash } from 'node:crypto';
import type { Ticker } from '@kalshi-mm/core';

/** Making one anew is cheap enough to start over now and then. */
const MOST_KNOWN = 20_000;
const known = new Map<Ticker, string>();

/** The UUID under which the feed also names a market; always the same for the same ticker. */
export function marketId(ticker: Ticker): string {
  const found = known.get(ticker);
  if (found !== undefined) return found;
  const hex = createHash('sha1').update(ticker).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(ticker, id);
  return id;
}

import { type Market, MmError } from '@kalshi-mm/core';

/** The market's index. @throws MmError `unknown-ticker` that names the nearest tickers */
export function marketIndex(markets: readonly Market[], ticker: string, source: string): number {
  const index = markets.findIndex((market) => market.ticker === ticker);
  if (index >= 0) return index;
  const nearest = markets
    .map((market) => ({ name: market.ticker as string, distance: editDistance(ticker, market.ticker) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
  throw new MmError('unknown-ticker', `${source} has no market ${ticker}`, {
    todo: `Choose one of its ${markets.length} markets; the nearest names are ${nearest.join(', ')}.`,
  });
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, change));
    }
    row = next;
  }
  return row[b.length]!;
}

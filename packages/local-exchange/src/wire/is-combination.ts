/** Whether a market, or an event, is a combination of others; the exchange lists those apart. */
export function isCombination(ticker: string): boolean {
  return ticker.startsWith('KXMVE');
}

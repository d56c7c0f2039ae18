import { MmError } from '@kalshi-mm/core';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for an exchange on this machine: no real money, and its clock may be simulated. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
}

/**
 * Real orders on a real exchange need three signs of intent: `mode: live`, `--live`, and credentials.
 *
 * @throws MmError when one is missing
 */
export function checkArmed(restUrl: string, mode: 'paper' | 'live', liveFlag: boolean, paper: boolean): void {
  if (paper || isLoopback(restUrl) || (mode === 'live' && liveFlag)) return;
  throw new MmError('not-armed', `Real orders are not armed for ${new URL(restUrl).hostname}`, {
    facts: { mode, live: liveFlag },
    todo: 'Use --paper to simulate fills on live data; or set "mode: live" in the configuration and pass --live.',
  });
}

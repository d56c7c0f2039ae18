import type { SampleWindow } from './sample-window.ts';

/** What one market's recent samples say. An observation is one sample; a change is the step between two. */
export interface WindowStatistics {
  /** Samples in the volatility window. */
  readonly observations: number;
  /**
   * Realised volatility: root mean square of the changes of the mid, in dollars per observation. The mean is not
   * subtracted, so that a steady trend does not look calm. Null with fewer than two observations.
   */
  readonly sigma: number | null;
  /** Mean change of the mid, signed, in dollars per observation. Null with fewer than two observations. */
  readonly meanChange: number | null;
  /**
   * Share of successive non-zero changes that turn round: near 0 in a trend, 1/2 in a random walk, near 1 when the
   * price bounces. Null with fewer than two non-zero changes.
   */
  readonly meanReversion: number | null;
  /** Largest distance of the present mid from any mid of the jump window, in cents. */
  readonly jumpCents: number;
  /** Present mid less the oldest of the jump window, in cents. */
  readonly netMoveCents: number;
  /** Distance of the present mid from its mean over the short window, in cents. */
  readonly fromMeanCents: number;
  readonly midCents: number;
  readonly spreadCents: number;
  /** Depth of both sides together, in contracts. */
  readonly depthContracts: number;
}

export interface StatisticsWindows {
  readonly volatilityMs: number;
  readonly jumpMs: number;
  readonly meanMs: number;
}

/** Statistics as of the newest sample; null for an empty window. Windows end at that sample and include their start. */
export function windowStatistics(window: SampleWindow, windows: StatisticsWindows): WindowStatistics | null {
  const last = window.length - 1;
  if (last < 0) return null;
  const nowMs = window.atMs(last);
  const mid = window.midCents(last);
  const changes = changeStatistics(window, window.indexSince(nowMs - windows.volatilityMs));

  const jumpFrom = window.indexSince(nowMs - windows.jumpMs);
  let jump = 0;
  for (let i = jumpFrom; i < last; i++) jump = Math.max(jump, Math.abs(mid - window.midCents(i)));

  const meanFrom = window.indexSince(nowMs - windows.meanMs);
  let sum = 0;
  for (let i = meanFrom; i <= last; i++) sum += window.midCents(i);

  return {
    ...changes,
    jumpCents: jump,
    netMoveCents: mid - window.midCents(jumpFrom),
    fromMeanCents: Math.abs(mid - sum / (last - meanFrom + 1)),
    midCents: mid,
    spreadCents: window.spreadCents(last),
    depthContracts: window.depthContracts(last),
  };
}

function changeStatistics(window: SampleWindow, from: number) {
  const observations = window.length - from;
  const count = observations - 1;
  if (count < 1) return { observations, sigma: null, meanChange: null, meanReversion: null };
  let squares = 0;
  let turns = 0;
  let moves = 0;
  let previous = 0;
  for (let i = from + 1; i < window.length; i++) {
    const change = window.midCents(i) - window.midCents(i - 1);
    squares += change * change;
    if (change === 0) continue;
    if (previous !== 0 && change > 0 !== previous > 0) turns += 1;
    previous = change;
    moves += 1;
  }
  const net = window.midCents(window.length - 1) - window.midCents(from);
  return {
    observations,
    sigma: Math.sqrt(squares / count) / 100,
    meanChange: net / count / 100,
    meanReversion: moves < 2 ? null : turns / (moves - 1),
  };
}

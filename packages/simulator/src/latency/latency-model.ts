import { MmError, type Random } from '@kalshi-mm/core';

/** How long a message is on its way, milliseconds; what comes out is rounded to whole ones. */
export type LatencyModel =
  | { readonly kind: 'constant'; readonly ms: number }
  | {
      /** `leastMs` and a log-normal time on top, so that half of all messages need `medianMs`, and 99 in 100 at most `p99Ms`. */
      readonly kind: 'lognormal';
      readonly medianMs: number;
      readonly p99Ms: number;
      /** @default 0 */
      readonly leastMs?: number;
    }
  | {
      readonly kind: 'recorded';
      readonly samplesMs: readonly number[];
      /** `drawn` at random, or `played` one after the other, from the start again after the last. @default 'drawn' */
      readonly order?: 'drawn' | 'played';
    };

/**
 * The latency of one message after the other. A constant draws no random number, and neither do played samples.
 *
 * @throws MmError `latency-model` for numbers that make no model
 */
export function createLatency(model: LatencyModel, random: Random): () => number {
  switch (model.kind) {
    case 'constant': {
      const { ms } = model;
      check(ms >= 0 && ms < Number.POSITIVE_INFINITY, `a constant is not negative, found ${ms}`);
      return () => ms;
    }
    case 'lognormal': {
      const { medianMs, p99Ms, leastMs = 0 } = model;
      check(
        leastMs >= 0 && leastMs < medianMs && medianMs <= p99Ms && p99Ms < Number.POSITIVE_INFINITY,
        `0 ≤ least < median ≤ p99, found ${leastMs}, ${medianMs}, ${p99Ms}`,
      );
      const mean = Math.log(medianMs - leastMs);
      const deviation = (Math.log(p99Ms - leastMs) - mean) / NORMAL_P99;
      return () => Math.round(leastMs + Math.exp(mean + deviation * random.normal()));
    }
    case 'recorded': {
      const { samplesMs, order = 'drawn' } = model;
      check(samplesMs.length > 0, 'a recording has samples');
      for (const ms of samplesMs)
        check(ms >= 0 && ms < Number.POSITIVE_INFINITY, `a sample is not negative, found ${ms}`);
      let next = 0;
      return order === 'drawn'
        ? () => Math.round(samplesMs[random.integer(samplesMs.length)]!)
        : () => Math.round(samplesMs[next++ % samplesMs.length]!);
    }
  }
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new MmError('latency-model', `No latency model: ${problem}`);
}

/** Below it lie 99 % of a standard normal variable. */
const NORMAL_P99 = 2.3263478740408408;

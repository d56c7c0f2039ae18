import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How long the exchange took, by endpoint; milliseconds from sending to the end of the answer. */
export interface Latency {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Latencies {
  /** @param endpoint e.g. `GET /markets/:/orderbook` */
  record(endpoint: string, ms: number): void;
  /** By endpoint; of everything since the start. */
  read(): ReadonlyMap<string, Latency>;
}

/** Histograms of fixed size, to 1 %: memory grows with the number of endpoints, never with that of requests. */
export function createLatencies(): Latencies {
  const histograms = new Map<string, RecordableHistogram>();
  return {
    record(endpoint, ms) {
      let histogram = histograms.get(endpoint);
      if (histogram === undefined) {
        if (histograms.size === MOST_ENDPOINTS) return;
        histogram = createHistogram({ lowest: 1, highest: MOST_MICROS, figures: 2 });
        histograms.set(endpoint, histogram);
      }
      histogram.record(Math.min(MOST_MICROS, Math.max(1, Math.round(ms * 1000))));
    },
    read: () => new Map([...histograms].map(([endpoint, histogram]) => [endpoint, toLatency(histogram)])),
  };
}

/** More than the exchange has. */
const MOST_ENDPOINTS = 300;
const MOST_MICROS = 60_000_000;

function toLatency(histogram: RecordableHistogram): Latency {
  const at = (percentile: number): number => histogram.percentile(percentile) / 1000;
  return {
    count: histogram.count,
    meanMs: histogram.mean / 1000,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    maxMs: histogram.max / 1000,
  };
}

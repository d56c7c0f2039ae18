import { type LatencyModel, latencyModelNamed, type QueueModel, queueModelNamed } from '@kalshi-mm/simulator';
import type { BotConfig } from './bot-config.ts';

/** What `simulation` says about a simulated venue. */
export interface SimulationModels {
  readonly queueModel: QueueModel;
  readonly entryLatencyMs: LatencyModel;
  readonly responseLatencyMs: LatencyModel;
  readonly latencySeed: number;
}

/**
 * @param readText contents of a file that a model names
 * @throws MmError `queue-model` or `latency-model`
 */
export function simulationModels(
  { simulation }: Pick<BotConfig, 'simulation'>,
  readText: (file: string) => string,
): SimulationModels {
  const latency = (model: string, constantMs: number): LatencyModel =>
    latencyModelNamed(model, { constantMs, readText });
  return {
    queueModel: queueModelNamed(simulation.queue_model, {
      share: simulation.cancels_ahead_share,
      readText,
    }),
    entryLatencyMs: latency(simulation.entry_latency_model, simulation.entry_latency_ms),
    responseLatencyMs: latency(simulation.response_latency_model, simulation.response_latency_ms),
    latencySeed: simulation.latency_seed,
  };
}

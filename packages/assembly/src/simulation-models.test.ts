import { describe, expect, it } from 'vitest';
import { BotConfig } from './bot-config.ts';
import { simulationModels } from './simulation-models.ts';

const models = (simulation: object, files: Record<string, string> = {}) =>
  simulationModels(BotConfig.parse({ simulation }), (file) => files[file] ?? '');

describe('the models of a simulation', () => {
  it('are constants unless changed', () => {
    expect(models({ entry_latency_ms: 120, cancels_ahead_share: 0.3 })).toEqual({
      queueModel: { kind: 'share', share: 0.3 },
      entryLatencyMs: { kind: 'constant', ms: 120 },
      responseLatencyMs: { kind: 'constant', ms: 50 },
      latencySeed: 1,
    });
  });

  it('are those that are named, from files too', () => {
    const files = { 'queue.json': '{"kind":"fitted","sharesAhead":[0,0.4,1]}', 'ms.txt': '30 90' };
    const simulation = {
      queue_model: 'fitted:queue.json',
      entry_latency_model: 'lognormal:80,900',
      response_latency_model: 'recorded:ms.txt',
      latency_seed: 7,
    };
    expect(models(simulation, files)).toEqual({
      queueModel: { kind: 'fitted', sharesAhead: [0, 0.4, 1] },
      entryLatencyMs: { kind: 'lognormal', medianMs: 80, p99Ms: 900, leastMs: 0 },
      responseLatencyMs: { kind: 'recorded', samplesMs: [30, 90], order: 'drawn' },
      latencySeed: 7,
    });
  });

  it('are refused by name', () => {
    expect(() => models({ queue_model: 'hope' })).toThrow(/hope/);
    expect(() => models({ entry_latency_model: 'soon' })).toThrow(/soon/);
  });
});

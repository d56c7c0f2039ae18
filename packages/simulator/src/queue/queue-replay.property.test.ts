import { Money, Price, type Side, Ticker } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutput } from '../exchange-api.ts';
import { createReplayExchange } from '../replay-feed.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import type { QueueModel } from './queue-model.ts';

const T = Ticker.of('KXTEST-1');
const MODELS: readonly QueueModel[] = [
  { kind: 'through-only' },
  { kind: 'conservative' },
  { kind: 'share', share: 0.5 },
  { kind: 'power', exponent: 2 },
  { kind: 'log', form: 'one-sided' },
  { kind: 'fitted', sharesAhead: [0, 0.1, 0.4, 1] },
  { kind: 'share', share: 1 },
  { kind: 'touch' },
];

interface Step {
  readonly kind: 'add' | 'cancel' | 'trade' | 'cross';
  readonly cents: number;
  readonly count: number;
}

const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('add' as const, 'cancel' as const, 'trade' as const, 'cross' as const),
    cents: fc.integer({ min: 46, max: 49 }),
    count: fc.integer({ min: 1, max: 5_000 }),
  }),
  { maxLength: 60 },
);

/** Plays recorded flow on the bid side around one bid of ours at 48; yields after every step. */
function* play(queueModel: QueueModel, steps: readonly Step[], contracts: number) {
  const outputs: ExchangeOutput[] = [];
  const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [sampleMarket()], queueModel });
  exchange.addUser('ann', Money.fromDollars(1000));
  exchange.addListener((output) => outputs.push(structuredClone(output)));
  const market = feed.market(T);
  const recorded = new Map<number, number>();
  const change = (cents: number, delta: number, byTrade: boolean) => {
    recorded.set(cents, (recorded.get(cents) ?? 0) + delta);
    market.applyDelta('bid', Price.of(cents * 100), delta, byTrade);
  };
  change(48, 10_000, false);
  const placed =
    contracts === 0
      ? null
      : exchange.place('ann', sampleOrder('bid', 48, contracts, { clientOrderId: 'own' as never }));
  const order = placed?.ok === true ? placed.value.order : null;
  for (const { kind, cents, count } of steps) {
    if (kind === 'add') change(cents, count, false);
    else if (kind === 'cross') {
      market.applyDelta('ask', Price.of(cents * 100), count, false);
      market.applyDelta('ask', Price.of(cents * 100), -count, false);
    } else {
      const size = Math.min(count, recorded.get(cents) ?? 0);
      if (size === 0) continue;
      change(cents, -size, kind === 'trade');
      if (kind === 'trade') market.applyTrade(Price.of(cents * 100), size, 'ask' as Side, true);
    }
    yield {
      ahead: order === null || order.status !== 'resting' ? 0 : exchange.queueAhead(order.orderId),
      filled: order?.filled ?? 0,
      recorded: recorded.get(48) ?? 0,
      step: kind,
      outputs,
    };
  }
}

describe('an order of ours in recorded flow', () => {
  it.each(MODELS)('%j: what is in front never grows, never passes what is recorded', (model) => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        let before = 10_000;
        for (const { ahead, recorded } of play(model, steps, 20)) {
          expect(ahead).toBeGreaterThanOrEqual(0);
          expect(ahead).toBeLessThanOrEqual(Math.min(before, recorded));
          before = ahead;
        }
      }),
    );
  });

  it('is filled, at every moment, at most as far as under a more hopeful model', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const filled = MODELS.map((model) => [...play(model, steps, 20)].map((each) => each.filled));
        const [through, conservative, share, power, log, fitted, all, touch] = filled;
        for (let i = 0; i < filled[0]!.length; i++) {
          expect(through![i]).toBeLessThanOrEqual(conservative![i]!);
          for (const between of [share, power, log, fitted]) {
            expect(conservative![i]).toBeLessThanOrEqual(between![i]!);
            expect(between![i]).toBeLessThanOrEqual(all![i]!);
          }
          expect(all![i]).toBeLessThanOrEqual(touch![i]!);
        }
      }),
    );
  });

  it.each(MODELS)('%j: the same flow gives the same outputs', (model) => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const run = () => [...play(model, steps, 20)].at(-1)?.outputs;
        expect(run()).toEqual(run());
      }),
      { numRuns: 20 },
    );
  });

  it('changes nothing that is told when there is none, whatever the model', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [first, ...others] = MODELS.map((model) => [...play(model, steps, 0)].at(-1)?.outputs);
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  it('that nobody trades through is filled by touch and by no bound below a used-up queue', () => {
    const steps: Step[] = [{ kind: 'trade', cents: 48, count: 3_000 }];
    const filled = MODELS.map((model) => [...play(model, steps, 20)].at(-1)!.filled);
    expect(filled).toEqual([0, 0, 0, 0, 0, 0, 0, 2_000]);
    const usedUp: Step[] = [
      { kind: 'add', cents: 48, count: 2_000 },
      { kind: 'trade', cents: 48, count: 11_000 },
    ];
    expect(MODELS.map((model) => [...play(model, usedUp, 20)].at(-1)!.filled)).toEqual([
      0, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000,
    ]);
  });
});

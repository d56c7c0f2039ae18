import { Timestamp } from '@kalshi-mm/core';
import { createExchange } from '@kalshi-mm/simulator';
import { describe, expect, it } from 'vitest';
import type { World } from '../world/world.ts';
import { Pump } from './pump.ts';
import { SimulatedClock } from './simulated-clock.ts';

const quiet = { before() {}, after() {} };

describe('SimulatedClock', () => {
  it('stands still, starts once, runs at its speed and goes on from where it is set', () => {
    let wallMs = 500;
    const clock = new SimulatedClock(1_000, 60, () => wallMs);
    wallMs = 900;
    expect(clock.now()).toBe(1_000);
    clock.start();
    wallMs = 1_000;
    clock.start();
    expect(clock.now()).toBe(7_000);
    clock.set(2_000);
    wallMs = 1_001;
    expect(clock.now()).toBe(2_060);
  });
});

describe('Pump', () => {
  it('slows time down to what the world can do', () => {
    const exchange = createExchange({ idSeed: 1 });
    const slow: World = {
      exchange,
      advance() {
        exchange.advanceTo(Timestamp.of(exchange.nowMs + 10));
        return false;
      },
      nextRecordedMs: () => null,
      close() {},
    };
    let wallMs = 0;
    const clock = new SimulatedClock(0, 1_000, () => wallMs);
    const pump = new Pump(slow, clock, {
      ...quiet,
      onCrash: (error) => {
        throw error;
      },
    });
    clock.start();
    wallMs = 1;
    pump.turn();
    expect([exchange.nowMs, clock.now()]).toEqual([10, 10]);
    wallMs = 2;
    expect(clock.now()).toBe(1_010);
  });

  it('reports a world that breaks, and lets time stand', () => {
    const exchange = createExchange({ idSeed: 1 });
    let attempts = 0;
    const broken: World = {
      exchange,
      advance() {
        attempts++;
        throw new Error('the tape is torn');
      },
      nextRecordedMs: () => null,
      close() {},
    };
    let wallMs = 0;
    const clock = new SimulatedClock(0, 1, () => wallMs);
    const told: unknown[] = [];
    const pump = new Pump(broken, clock, { ...quiet, onCrash: (error) => told.push(error) });
    clock.start();
    wallMs = 10;
    pump.turn();
    pump.turn();
    expect(attempts).toBe(1);
    expect(told).toEqual([new Error('the tape is torn')]);
  });
});

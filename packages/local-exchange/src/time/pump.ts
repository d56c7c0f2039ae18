import { Timestamp } from '@kalshi-mm/core';
import type { World } from '../world/world.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Wall time between turns, and the most work that one turn does. */
const TURN_EVERY_MS = 5;
const WORK_PER_TURN_MS = 12;
/** Silence longer than this is jumped over while no market trades; time then goes on this long before the next row. */
const SILENCE_MS = 60_000;
const LEAD_IN_MS = 1_000;

/**
 * Keeps the exchange at the simulated time. When there is more to do than a turn allows, time slows down instead of
 * running ahead of the exchange, so that clock and books always agree.
 */
export class Pump {
  readonly #world: World;
  readonly #clock: SimulatedClock;
  readonly #beforeTurn: () => void;
  readonly #afterTurn: () => void;
  readonly #onCrash: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    world: World,
    clock: SimulatedClock,
    around: {
      readonly before: () => void;
      readonly after: () => void;
      readonly onCrash: (error: unknown) => void;
    },
  ) {
    this.#world = world;
    this.#clock = clock;
    this.#beforeTurn = around.before;
    this.#afterTurn = around.after;
    this.#onCrash = around.onCrash;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.turn(), TURN_EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stopped = true;
  }

  /** Brings the exchange to the present, as far as the work of one turn goes. */
  turn(): void {
    if (this.#stopped) return;
    // While time stands still, what orders and commands have changed is told all the same.
    this.#guard(() => (this.#clock.isRunning ? this.#work() : this.#around(() => {})));
  }

  /** Moves on by so many simulated milliseconds at once, however much work that is. */
  step(ms: number): void {
    if (this.#stopped) return;
    this.#guard(() =>
      this.#around(() => {
        const target = Timestamp.of(Math.floor(Math.max(this.#clock.now(), this.#world.exchange.nowMs)) + ms);
        while (!this.#world.advance(target, () => true));
        this.#clock.set(target);
      }),
    );
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.stop();
      this.#onCrash(error);
    }
  }

  #around(act: () => void): void {
    this.#beforeTurn();
    try {
      act();
    } finally {
      this.#afterTurn();
    }
  }

  #work(): void {
    this.#around(() => {
      this.#jumpOverSilence();
      const target = Timestamp.of(Math.floor(this.#clock.now()));
      if (target <= this.#world.exchange.nowMs) return;
      const until = performance.now() + WORK_PER_TURN_MS;
      const reached = this.#world.advance(target, () => performance.now() < until);
      if (!reached) this.#clock.set(this.#world.exchange.nowMs);
    });
  }

  #jumpOverSilence(): void {
    const next = this.#world.nextRecordedMs();
    if (next === null || next - this.#clock.now() <= SILENCE_MS) return;
    const { exchange } = this.#world;
    let wakeMs: number = next;
    for (const market of exchange.markets()) {
      if (market.status === 'active') return;
      if (market.openMs > exchange.nowMs) wakeMs = Math.min(wakeMs, market.openMs);
    }
    if (wakeMs - this.#clock.now() > SILENCE_MS) this.#clock.set(wakeMs - LEAD_IN_MS);
  }
}

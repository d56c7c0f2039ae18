import { createRandom, Timestamp } from '@kalshi-mm/core';
import {
  createMessageLane,
  type LatencyModel,
  type MessageLane,
  type SimulatedExchange,
} from '@kalshi-mm/simulator';
import type { SimulatedClock } from './simulated-clock.ts';

/** How long requests and answers are on their way, simulated time. */
export interface LatencyOptions {
  /** From a client to the exchange. @default none */
  readonly entry?: LatencyModel;
  /** From the exchange back to the client. @default none */
  readonly response?: LatencyModel;
  /** Decides what models draw. @default 1 */
  readonly seed?: number | string;
}

/**
 * The way of REST there and back. Messages of one direction keep their order. While time stands still nothing is on its
 * way: what is sent then arrives at once.
 */
export class WireLatency {
  readonly #exchange: SimulatedExchange;
  readonly #clock: SimulatedClock;
  readonly #entry: MessageLane | null;
  readonly #response: MessageLane | null;

  /** @throws MmError `latency-model` */
  constructor(
    exchange: SimulatedExchange,
    clock: SimulatedClock,
    { entry, response, seed = 1 }: LatencyOptions,
  ) {
    this.#exchange = exchange;
    this.#clock = clock;
    const random = createRandom(seed);
    const lane = (name: string, model: LatencyModel | undefined) =>
      model === undefined ? null : createMessageLane(model, random.fork(name));
    this.#entry = lane('entry', entry);
    this.#response = lane('response', response);
  }

  /**
   * Does something at the very instant at which a message that is sent now arrives; what comes of it is there when the
   * answer is back. The exchange must be at the present.
   */
  roundTrip<T>(act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#arrive(this.#entry, () => {
        try {
          const outcome = act();
          this.#arrive(this.#response, () => resolve(outcome));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #arrive(lane: MessageLane | null, act: () => void): void {
    const { nowMs } = this.#exchange;
    const atMs = lane === null || !this.#clock.isRunning ? nowMs : Math.ceil(lane.arrivesMs(nowMs));
    if (atMs > nowMs) this.#exchange.schedule(Timestamp.of(atMs), act);
    else act();
  }
}

import { Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange } from '@kalshi-mm/simulator';
import type { ExchangeWallClock } from '../exchange-wall-clock.ts';
import type { Faults } from '../faults.ts';
import { clockStep } from './clock-step.ts';
import { closeEarlier } from './close-earlier.ts';
import { dispute } from './dispute.ts';
import { feeChange } from './fee-change.ts';
import { marketPause } from './market-pause.ts';
import { exchangePause, shardExchangePause, shardTradingPause, tradingPause } from './pauses.ts';
import type { VenueFault, VenueFaultHost } from './venue-fault.ts';
import { VENUE_FAULT_NAMES, type VenueFaultName } from './venue-fault-rates.ts';

const MINUTE_MS = 60_000;
const DISPUTES = ['disputeUpheld', 'disputeOverturned'] as const;

/**
 * What goes wrong with the exchange itself, over simulated time. At every full minute since the start, the coming one is
 * drawn for each subject by itself, so that neither the steps of time nor other subjects move a hit. A hit that does not
 * fit any more when its moment comes (a market that has closed meanwhile) does not happen.
 */
export class VenueFaults {
  readonly #exchange: SimulatedExchange;
  readonly #faults: Faults;
  readonly #kinds: Readonly<Record<VenueFaultName, VenueFault>>;
  readonly #minutely: readonly VenueFaultName[];

  /** @param isMaintained whether trading pauses every week anyway */
  constructor(exchange: SimulatedExchange, faults: Faults, clock: ExchangeWallClock, isMaintained: boolean) {
    this.#exchange = exchange;
    this.#faults = faults;
    const { options } = faults;
    const host: VenueFaultHost = { exchange, options, later: (ms, run) => this.#later(ms, run) };
    this.#kinds = {
      tradingPause: tradingPause(host, isMaintained),
      exchangePause: exchangePause(host),
      shardTradingPause: shardTradingPause(host),
      shardExchangePause: shardExchangePause(host),
      marketPause: marketPause(host),
      closeEarlier: closeEarlier(host),
      disputeUpheld: dispute(host, 'upheld'),
      disputeOverturned: dispute(host, 'overturned'),
      feeChange: feeChange(host),
      clockStep: clockStep(host, clock),
    };
    const ofResults: readonly string[] = DISPUTES;
    this.#minutely = VENUE_FAULT_NAMES.filter((name) => options[name] > 0 && !ofResults.includes(name));
    faults.onOrdered = () => this.#followOrders();
    exchange.addListener(
      (output) => {
        if (output.type !== 'market') return;
        if (output.change === 'determined') this.#planDisputes(output.market.ticker);
        // A listener must not move the exchange itself.
        if (this.#isSomethingOrdered()) this.#later(0, () => {});
      },
      () => {},
    );
    if (this.#minutely.length > 0) this.#planMinute();
  }

  #planMinute(): void {
    const { nowMs } = this.#exchange;
    for (const name of this.#minutely) {
      for (const subject of this.#kinds[name].subjects()) {
        const random = this.#faults.isPlanned(name, `${nowMs}/${subject}`);
        if (random !== null) this.#later(random.integer(MINUTE_MS), () => this.#happen(name, subject));
      }
    }
    this.#later(MINUTE_MS, () => this.#planMinute());
  }

  /** For this very instant, which is before the settlement timer has run. */
  #planDisputes(ticker: string): void {
    for (const name of DISPUTES) {
      if (this.#faults.isPlanned(name, ticker) !== null) this.#later(0, () => this.#happen(name, ticker));
    }
  }

  #happen(name: VenueFaultName, subject: string): void {
    const { subjects, act } = this.#kinds[name];
    if (!subjects().includes(subject)) return;
    this.#faults.count(name);
    act(subject);
  }

  #isSomethingOrdered(): boolean {
    return VENUE_FAULT_NAMES.some((name) => this.#faults.isOrdered(name));
  }

  /** Makes what was ordered happen to whom it fits at present; the rest goes on waiting. */
  #followOrders(): void {
    for (const name of VENUE_FAULT_NAMES) {
      if (!this.#faults.isOrdered(name)) continue;
      const { subjects, act } = this.#kinds[name];
      for (const subject of subjects()) if (this.#faults.wasOrdered(name, subject)) act(subject);
    }
  }

  /** What was ordered may fit afterwards. */
  #later(ms: number, run: () => void): void {
    this.#exchange.schedule(Timestamp.of(Math.floor(this.#exchange.nowMs + ms)), () => {
      run();
      this.#followOrders();
    });
  }
}

import type { ThrottlingConfig } from '../throttling-config.ts';

/** A switch with hysteresis: on after enough bad checks in a row, off after enough good ones. */
export interface Gauge {
  on: boolean;
  badRun: number;
  goodRun: number;
}

export interface Throttle {
  readonly wideSpread: Gauge;
  readonly thinBook: Gauge;
  readonly adverse: Gauge;
}

/** What one check saw. */
export interface ThrottleReading {
  /** Spread of the market in dollars. */
  readonly spread: number;
  /** Depth without our orders, in contracts. */
  readonly depthContracts: number;
  readonly pickedOff: boolean;
}

export function newThrottle(): Throttle {
  const gauge = (): Gauge => ({ on: false, badRun: 0, goodRun: 0 });
  return { wideSpread: gauge(), thinBook: gauge(), adverse: gauge() };
}

/** Takes one check into account. */
export function checkThrottle(throttle: Throttle, reading: ThrottleReading, config: ThrottlingConfig): void {
  check(throttle.wideSpread, reading.spread > config.max_spread_threshold, config);
  check(throttle.thinBook, reading.depthContracts < config.min_book_depth, config);
  check(throttle.adverse, reading.pickedOff, config);
}

/** Ticks by which each side is to be widened: the sum of what is on. */
export function widenTicks(throttle: Throttle, config: ThrottlingConfig): number {
  return (
    (throttle.wideSpread.on ? config.spread_widen_ticks : 0) +
    (throttle.thinBook.on ? config.book_thin_widen_ticks : 0) +
    (throttle.adverse.on ? config.adverse_selection_widen_ticks : 0)
  );
}

function check(gauge: Gauge, bad: boolean, config: ThrottlingConfig): void {
  gauge.badRun = bad ? gauge.badRun + 1 : 0;
  gauge.goodRun = bad ? 0 : gauge.goodRun + 1;
  if (gauge.badRun >= config.trigger_threshold) gauge.on = true;
  else if (gauge.goodRun >= config.recovery_threshold) gauge.on = false;
}

import { type Fill, Price, Side, type Timestamp, type View } from '@kalshi-mm/core';

/** Horizons after a fill, in milliseconds. */
const HORIZONS_MS = [1_000, 5_000, 30_000, 60_000] as const;

/** Average gain against the later mid, per contract: negative when we are picked off. */
export interface Markout {
  readonly horizonMs: number;
  /** Cents per contract, weighted by contracts; null without fills. */
  readonly cents: number | null;
  readonly fills: number;
}

interface Waiting {
  readonly fill: Fill;
  readonly dueMs: number;
}

/** Compares each fill with the mid some time later, as the engine sees it. */
export class Markouts {
  readonly #view: View;
  readonly #waiting = HORIZONS_MS.map((): Waiting[] => []);
  readonly #sum = HORIZONS_MS.map(() => 0);
  readonly #contracts = HORIZONS_MS.map(() => 0);
  readonly #fills = HORIZONS_MS.map(() => 0);
  #nextDueMs = Number.POSITIVE_INFINITY;

  constructor(view: View) {
    this.#view = view;
  }

  fill(fill: Fill, atMs: Timestamp): void {
    HORIZONS_MS.forEach((horizonMs, i) => void this.#waiting[i]!.push({ fill, dueMs: atMs + horizonMs }));
    this.#nextDueMs = Math.min(this.#nextDueMs, atMs + HORIZONS_MS[0]);
  }

  /** Told of every event, before the engine folds it: the mid is that of the moment before. */
  advanceTo(atMs: Timestamp): void {
    if (atMs < this.#nextDueMs) return;
    for (let i = 0; i < HORIZONS_MS.length; i++) {
      const waiting = this.#waiting[i]!;
      while (waiting.length > 0 && waiting[0]!.dueMs <= atMs) this.#measure(i, waiting.shift()!.fill);
    }
    this.#nextDueMs = Math.min(
      ...this.#waiting.map((waiting) => waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY),
    );
  }

  averages(): Markout[] {
    return HORIZONS_MS.map((horizonMs, i) => ({
      horizonMs,
      cents: this.#contracts[i] === 0 ? null : this.#sum[i]! / this.#contracts[i]!,
      fills: this.#fills[i]!,
    }));
  }

  #measure(i: number, fill: Fill): void {
    const market = this.#view.market(fill.ticker);
    // A market that has closed in between has no mid: its settlement is in the PnL.
    if (market === null || market.bestBid === Price.NO_BID || market.bestAsk === Price.NO_ASK) return;
    const mid = (market.bestBid + market.bestAsk) / 2;
    const contracts = fill.count / 100;
    this.#sum[i]! += (Side.sign(fill.side) * (mid - fill.price) * contracts) / 100;
    this.#contracts[i]! += contracts;
    this.#fills[i]! += 1;
  }
}

import { type Event, type Fill, Holding, Money, type Price, type Ticker } from '@kalshi-mm/core';

/** What we hold, from fills and settlements; a reported position replaces the sum only while recovering. */
export class Portfolio {
  readonly #holdings = new Map<Ticker, Holding>();
  readonly #settlementPrices = new Map<Ticker, Price>();
  balance: Money | null = null;
  /** Reported positions that differ from ours, by ticker, as (ours, theirs). */
  readonly differences = new Map<Ticker, { readonly ours: number; readonly theirs: number }>();

  holding(ticker: Ticker): Holding {
    return this.#holdings.get(ticker) ?? Holding.EMPTY;
  }

  /** Every market ever held in this run. */
  holdings(): IterableIterator<[Ticker, Holding]> {
    return this.#holdings.entries();
  }

  fill(fill: Fill): void {
    const before = this.holding(fill.ticker);
    this.#holdings.set(fill.ticker, Holding.afterFill(before, fill.side, fill.price, fill.count, fill.fee));
    // A match from before the end that was told after it.
    const settlementPrice = this.#settlementPrices.get(fill.ticker);
    if (settlementPrice !== undefined) this.settle(fill.ticker, settlementPrice);
  }

  settle(ticker: Ticker, settlementPrice: Price): void {
    this.#settlementPrices.set(ticker, settlementPrice);
    const before = this.#holdings.get(ticker);
    if (before !== undefined) this.#holdings.set(ticker, Holding.afterSettlement(before, settlementPrice));
  }

  /** @param isOurs false: a position in this market is none of our business, unless we are recovering */
  absorb(event: Event, recovering: boolean, isOurs: (ticker: Ticker) => boolean): void {
    if (event.type === 'balance.changed') this.balance = event.balance;
    if (event.type === 'market.settled') this.settle(event.ticker, event.settlementPrice);
    if (event.type !== 'position.reported') return;
    const ours = this.holding(event.ticker);
    if (recovering) {
      this.#holdings.set(event.ticker, {
        position: event.position,
        cost: event.cost ?? ours.cost,
        realizedPnl: event.realizedPnl,
        fees: event.feesPaid,
      });
      return;
    }
    if (ours.position === event.position || !isOurs(event.ticker)) this.differences.delete(event.ticker);
    else this.differences.set(event.ticker, { ours: ours.position, theirs: event.position });
  }

  /** Gains of everything closed so far, after fees. */
  netRealized(): Money {
    let sum = 0;
    for (const holding of this.#holdings.values()) sum += holding.realizedPnl - holding.fees;
    return Money.of(sum);
  }
}

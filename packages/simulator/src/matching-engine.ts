import type { Price, PriceGrid, Side } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import type { RestingOrder } from './incentives/score-side.ts';
import { LevelQueues } from './level-queues.ts';
import type { EngineHost, MarketEngine } from './market-engine.ts';
import { mayMatch, type Order } from './order.ts';

/** Continuous matching by price, then time, at the resting order's price. */
export class MatchingEngine implements MarketEngine {
  readonly book: OrderBook;
  readonly bookKnown = true;
  #queues: LevelQueues;
  readonly #host: EngineHost;

  constructor(grid: PriceGrid, host: EngineHost) {
    this.book = new OrderBook(grid);
    this.#queues = new LevelQueues(grid);
    this.#host = host;
  }

  crosses(side: Side, price: Price): boolean {
    return side === 'bid' ? price >= this.book.bestAsk() : price <= this.book.bestBid();
  }

  probe(ownerId: string, side: Side, price: Price, count: number): { fillable: number; meetsOwn: boolean } {
    let fillable = 0;
    let meetsOwn = false;
    const makerSide: Side = side === 'bid' ? 'ask' : 'bid';
    this.book.forEachLevel(makerSide, (level) => {
      if (side === 'bid' ? level > price : level < price) return false;
      for (let maker = this.#queues.first(makerSide, level); maker !== null; maker = maker.next) {
        if (maker.ownerId === ownerId) {
          meetsOwn = true;
          return false;
        }
        fillable += maker.remaining;
        if (fillable >= count) return false;
      }
      return true;
    });
    return { fillable: Math.min(fillable, count), meetsOwn };
  }

  take(order: Order): 'done' | 'self-trade' {
    const makerSide: Side = order.side === 'bid' ? 'ask' : 'bid';
    while (mayMatch(order) && this.crosses(order.side, order.price)) {
      const price = makerSide === 'ask' ? this.book.bestAsk() : this.book.bestBid();
      const maker = this.#queues.first(makerSide, price)!;
      if (maker.ownerId === order.ownerId) {
        if (order.selfTradePrevention === 'taker-at-cross') return 'self-trade';
        this.#host.selfTradeCanceled(maker);
        continue;
      }
      const count = Math.min(order.remaining, maker.remaining);
      if (count === maker.remaining) this.#queues.remove(maker);
      this.book.change(makerSide, price, -count);
      this.#host.bookChanged(makerSide, price, -count, order);
      this.#host.matched(price, count, order, maker, 'match', true);
    }
    return 'done';
  }

  rest(order: Order): void {
    this.#queues.push(order);
    this.book.change(order.side, order.price, order.remaining);
    this.#host.bookChanged(order.side, order.price, order.remaining, order);
  }

  remove(order: Order): void {
    this.#queues.remove(order);
    this.reduce(order, order.remaining);
  }

  reduce(order: Order, by: number): void {
    this.book.change(order.side, order.price, -by);
    this.#host.bookChanged(order.side, order.price, -by, order);
  }

  readonly regrid = (grid: PriceGrid): void => {
    this.book.regrid(grid);
    this.#queues = this.#queues.onGrid(grid);
  };

  resume(): void {}

  *restingOrders(side: Side): Iterable<RestingOrder> {
    const prices: Price[] = [];
    this.book.forEachLevel(side, (price) => {
      prices.push(price);
      return true;
    });
    for (const price of prices) {
      for (let order = this.#queues.first(side, price); order !== null; order = order.next) {
        yield { userId: order.ownerId, price, count: order.remaining };
      }
    }
  }

  ahead(order: Order): number {
    let sum = 0;
    for (let other = order.previous; other !== null; other = other.previous) sum += other.remaining;
    return sum;
  }
}

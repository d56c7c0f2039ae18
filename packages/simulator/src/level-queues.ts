import type { PriceGrid, Side } from '@kalshi-mm/core';
import type { Order } from './order.ts';

/** First-in-first-out queues of orders, one per price: links live in the orders, so joining and leaving cost O(1). */
export class LevelQueues {
  readonly #grid: PriceGrid;
  readonly #indexByPrice: Int16Array;
  readonly #bidFirst: (Order | null)[];
  readonly #bidLast: (Order | null)[];
  readonly #askFirst: (Order | null)[];
  readonly #askLast: (Order | null)[];
  /** Orders in all queues. */
  size = 0;

  constructor(grid: PriceGrid) {
    this.#grid = grid;
    this.#indexByPrice = grid.indexByPrice;
    this.#bidFirst = new Array(grid.size).fill(null);
    this.#bidLast = new Array(grid.size).fill(null);
    this.#askFirst = new Array(grid.size).fill(null);
    this.#askLast = new Array(grid.size).fill(null);
  }

  /** The same queues, in the same order, on another grid that has all their prices. */
  onGrid(grid: PriceGrid): LevelQueues {
    const moved = new LevelQueues(grid);
    for (const firsts of [this.#bidFirst, this.#askFirst]) {
      for (let index = 0; index < this.#grid.size; index++) {
        let order = firsts[index] ?? null;
        while (order !== null) {
          const { next }: Order = order;
          moved.push(order);
          order = next;
        }
      }
    }
    return moved;
  }

  first(side: Side, price: number): Order | null {
    const index = this.#indexByPrice[price]!;
    return (side === 'bid' ? this.#bidFirst[index] : this.#askFirst[index]) ?? null;
  }

  push(order: Order): void {
    const index = this.#indexByPrice[order.price]!;
    const bid = order.side === 'bid';
    const lasts = bid ? this.#bidLast : this.#askLast;
    const last = lasts[index]!;
    order.previous = last;
    order.next = null;
    order.queued = true;
    if (last === null) (bid ? this.#bidFirst : this.#askFirst)[index] = order;
    else last.next = order;
    lasts[index] = order;
    this.size++;
  }

  remove(order: Order): void {
    if (!order.queued) return;
    const index = this.#indexByPrice[order.price]!;
    const bid = order.side === 'bid';
    if (order.previous === null) (bid ? this.#bidFirst : this.#askFirst)[index] = order.next;
    else order.previous.next = order.next;
    if (order.next === null) (bid ? this.#bidLast : this.#askLast)[index] = order.previous;
    else order.next.previous = order.previous;
    order.previous = null;
    order.next = null;
    order.queued = false;
    this.size--;
  }
}

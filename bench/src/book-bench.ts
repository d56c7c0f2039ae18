import { createRandom, type Price, PriceGrid } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import { type BenchResult, compare } from './measure.ts';

const EVENTS = 1_000_000;

/** One delta and a read of both best prices, against the leanest loop that does the same on bare arrays. */
export function bookBench(): BenchResult[] {
  return [run('book', PriceGrid.cent()), run('book-finest', PriceGrid.finest())];
}

function run(name: string, grid: PriceGrid): BenchResult {
  const deltas = makeDeltas(grid);
  const { ratio, oursMs, referenceMs } = compare(
    { run: () => ours(grid, deltas) },
    { run: () => bare(grid, deltas) },
  );
  return {
    name,
    value: Math.round(EVENTS / (oursMs / 1_000)),
    unit: 'deltas/s',
    reference: Math.round(EVENTS / (referenceMs / 1_000)),
    ratio,
    goal: 'at most 1.5× the time of a bare flat-array loop',
    holds: ratio <= 1.5,
  };
}

interface Deltas {
  readonly side: Uint8Array;
  readonly price: Int16Array;
  readonly delta: Int32Array;
}

function ours(grid: PriceGrid, { side, price, delta }: Deltas): number {
  const book = new OrderBook(grid);
  let sum = 0;
  for (let i = 0; i < EVENTS; i++) {
    book.change(side[i] === 0 ? 'bid' : 'ask', price[i]! as Price, delta[i]!);
    sum += book.bestBid() + book.bestAsk();
  }
  return sum;
}

function bare(grid: PriceGrid, { side, price, delta }: Deltas): number {
  const bids = new Int32Array(grid.size);
  const asks = new Int32Array(grid.size);
  const { indexByPrice, prices, size } = grid;
  let bestBid = -1;
  let bestAsk = size;
  let sum = 0;
  for (let i = 0; i < EVENTS; i++) {
    const index = indexByPrice[price[i]!]!;
    if (side[i] === 0) {
      const count = bids[index]! + delta[i]!;
      bids[index] = count;
      if (count > 0) {
        if (index > bestBid) bestBid = index;
      } else if (index === bestBid) {
        while (bestBid >= 0 && bids[bestBid] === 0) bestBid--;
      }
    } else {
      const count = asks[index]! + delta[i]!;
      asks[index] = count;
      if (count > 0) {
        if (index < bestAsk) bestAsk = index;
      } else if (index === bestAsk) {
        while (bestAsk < size && asks[bestAsk] === 0) bestAsk++;
      }
    }
    sum += (bestBid < 0 ? 0 : prices[bestBid]!) + (bestAsk === size ? 10_000 : prices[bestAsk]!);
  }
  return sum;
}

/** Adds and removals around a slowly moving middle, as recorded flow has them; a level never goes negative. */
function makeDeltas(grid: PriceGrid): Deltas {
  const random = createRandom(`book/${grid.size}`);
  const counts = { bid: new Int32Array(grid.size), ask: new Int32Array(grid.size) };
  const out: Deltas = {
    side: new Uint8Array(EVENTS),
    price: new Int16Array(EVENTS),
    delta: new Int32Array(EVENTS),
  };
  let middle = Math.floor(grid.size / 2);
  for (let i = 0; i < EVENTS; i++) {
    if (random.next() < 0.02) {
      middle = Math.min(grid.size - 21, Math.max(20, middle + (random.next() < 0.5 ? -1 : 1)));
    }
    const isBid = random.next() < 0.5;
    const away = Math.floor(random.exponential(4));
    const index = Math.max(0, Math.min(grid.size - 1, isBid ? middle - 1 - away : middle + 1 + away));
    const ladder = isBid ? counts.bid : counts.ask;
    const held = ladder[index]!;
    const delta =
      held > 0 && random.next() < 0.5
        ? -Math.min(held, 100 + random.integer(held))
        : 100 + random.integer(5_000);
    ladder[index] = held + delta;
    out.side[i] = isBid ? 0 : 1;
    out.price[i] = grid.prices[index]!;
    out.delta[i] = delta;
  }
  return out;
}

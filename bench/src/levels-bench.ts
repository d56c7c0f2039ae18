import { createRandom, type Price, PriceGrid } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import { OrderBook as DeprecatedBook } from 'hft-limit-order-book';
import { OrderBook as NpmBook, type Side as NpmSide } from 'nodejs-order-book';
import { type BenchResult, compare } from './measure.ts';

const EVENTS = 100_000;

/**
 * The same deltas into our book and into the faster of the order books on npm, where a level is one order that is placed
 * anew; both are asked for both best prices after each.
 */
export function levelsBench(): BenchResult[] {
  const deltas = makeDeltas();
  const all = [NpmBook, DeprecatedBook as unknown as typeof NpmBook].map((Book) =>
    compare({ run: () => ours(deltas) }, { run: () => npm(Book, deltas) }, { rounds: 5 }),
  );
  const { ratio, oursMs, referenceMs } = all.sort((a, b) => b.ratio - a.ratio)[0]!;
  return [
    {
      name: 'levels',
      value: Math.round(EVENTS / (oursMs / 1_000)),
      unit: 'deltas/s',
      reference: Math.round(EVENTS / (referenceMs / 1_000)),
      ratio,
      goal: 'at most 1/80 of the time of the faster npm order book',
      holds: ratio <= 1 / 80,
    },
  ];
}

/** In columns: an object for each would cost more than our book. */
interface Deltas {
  /** Of the level. */
  readonly id: readonly string[];
  readonly bid: Uint8Array;
  readonly cents: Int16Array;
  readonly delta: Int32Array;
}

function ours({ bid, cents, delta }: Deltas): number {
  const book = new OrderBook(PriceGrid.cent());
  let touch = 0;
  for (let i = 0; i < EVENTS; i++) {
    book.change(bid[i] === 1 ? 'bid' : 'ask', (100 * cents[i]!) as Price, delta[i]!);
    touch += book.bestBid() + book.bestAsk();
  }
  return touch;
}

function npm(Book: typeof NpmBook, deltas: Deltas): number {
  const book = new Book();
  const held = new Map<string, number>();
  let touch = 0;
  for (let i = 0; i < EVENTS; i++) {
    const id = deltas.id[i]!;
    const delta = deltas.delta[i]!;
    const before = held.get(id) ?? 0;
    const size = before + delta;
    if (before > 0) book.cancel(id);
    if (size > 0)
      book.limit({
        id,
        side: (deltas.bid[i] === 1 ? 'buy' : 'sell') as NpmSide,
        size,
        price: deltas.cents[i]!,
      });
    held.set(id, size);
    // There is no other way to ask for the best prices.
    const [asks, bids] = book.depth();
    touch += 100 * ((bids[0]?.[0] ?? 0) + (asks[0]?.[0] ?? 100));
  }
  return touch;
}

function makeDeltas(): Deltas {
  const random = createRandom('levels');
  const held = new Map<string, number>();
  const id: string[] = [];
  const bids = new Uint8Array(EVENTS);
  const cents = new Int16Array(EVENTS);
  const deltas = new Int32Array(EVENTS);
  for (let i = 0; i < EVENTS; i++) {
    const bid = random.next() < 0.5;
    const away = Math.min(48, Math.floor(random.exponential(4)));
    bids[i] = bid ? 1 : 0;
    cents[i] = bid ? 49 - away : 51 + away;
    id.push(`${bid ? 'bid' : 'ask'} ${cents[i]}`);
    const before = held.get(id[i]!) ?? 0;
    deltas[i] = before > 0 && random.next() < 0.5 ? -before : 100 + random.integer(5_000);
    held.set(id[i]!, before + deltas[i]!);
  }
  return { id, bid: bids, cents, delta: deltas };
}

import {
  type ClientOrderId,
  Count,
  createRandom,
  Money,
  type OrderId,
  Price,
  PriceGrid,
  type Side,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { createExchange } from '@kalshi-mm/simulator';
import { aMarket } from '@kalshi-mm/testing';
import { OrderBook as DeprecatedBook } from 'hft-limit-order-book';
import { OrderBook as NpmBook, type Side as NpmSide } from 'nodejs-order-book';
import type { EngineHost } from '../../packages/simulator/src/market-engine.ts';
import { MatchingEngine } from '../../packages/simulator/src/matching-engine.ts';
import { Order } from '../../packages/simulator/src/order.ts';
import { type BenchResult, type Contender, compare } from './measure.ts';

/**
 * Places, cancels and matches in one market, against the faster of the order books on npm, with few and with many
 * resting orders. `exchange` is the same work with everything around it: rules, cash, positions, fees, outputs.
 */
export function matchBench(): BenchResult[] {
  const small = makeWorkload(100, 100_000);
  const large = makeWorkload(100_000, 100_000);
  // A cancel in the npm books visits every order of its level.
  const few = makeWorkload(100_000, 1_000);
  return [
    ...against(small, 'match', play(createMarket), 0.1),
    ...against(few, 'match-100k', play(createMarket), 0.1),
    flat(small, large),
    ...against(small, 'exchange', play(createVenue), 3),
    ...against(few, 'exchange-100k', play(createVenue), 3),
  ];
}

/** @param goal time of ours ÷ time of the faster npm book */
function against(
  workload: Workload,
  name: string,
  make: (workload: Workload) => Contender,
  goal: number,
): BenchResult[] {
  const options = { rounds: 3, warmUps: 1 };
  const both = [NpmBook, DeprecatedBook as unknown as typeof NpmBook].map((Book) =>
    compare(make(workload), play(() => createNpmMarket(Book))(workload), options),
  );
  const { ratio, oursMs, referenceMs } = both.sort((a, b) => b.ratio - a.ratio)[0]!;
  return [
    {
      name,
      value: perSecond(workload, oursMs),
      unit: 'operations/s',
      reference: perSecond(workload, referenceMs),
      ratio,
      goal: `at most ${goal}× the time of the faster npm order book`,
      holds: ratio <= goal,
    },
  ];
}

function flat(small: Workload, large: Workload): BenchResult {
  const { ratio, oursMs, referenceMs } = compare(play(createMarket)(large), play(createMarket)(small), {
    sameResult: false,
  });
  return {
    name: 'match-flat',
    value: perSecond(large, oursMs),
    unit: 'operations/s',
    reference: perSecond(small, referenceMs),
    ratio,
    goal: '100,000 resting orders cost at most 5× the time of 100: nothing is walked, but memory is slower than cache',
    holds: ratio <= 5,
  };
}

function perSecond({ operations }: Workload, ms: number): number {
  return Math.round(operations.length / (ms / 1_000));
}

/** Orders by number: an operation places the order of its number, or cancels it. */
interface Workload {
  /** Orders placed before the clock runs. */
  readonly loaded: number;
  readonly id: readonly string[];
  readonly side: readonly Side[];
  readonly price: readonly Price[];
  readonly count: readonly Count[];
  /** Positive: place the order of this number. Negative: cancel it. */
  readonly operations: Int32Array;
}

/** Orders that rest near the middle, cancels of orders that then rest, and one in ten that takes. */
function makeWorkload(size: number, length: number): Workload {
  const random = createRandom(`match/${size}`);
  const id = ['none'];
  const side: Side[] = ['bid'];
  const price = [Price.ONE];
  const count = [Count.ZERO];
  const operations: number[] = [];
  const market = createMarket();
  /** Orders that may still rest. */
  const placed: { number: number; order: Order }[] = [];
  const place = (takes: boolean): number => {
    const bid = random.next() < 0.5;
    const away = takes ? -5 : 1 + Math.min(40, Math.floor(random.exponential(8)));
    const number = id.push(`order-${id.length}`) - 1;
    side.push(bid ? 'bid' : 'ask');
    price.push(Price.of(100 * (bid ? 50 - away : 50 + away)));
    count.push(Count.of(100 * (1 + random.integer(takes ? 20 : 10))));
    placed.push({ number, order: market.place(id[number]!, side[number]!, price[number]!, count[number]!) });
    return number;
  };
  while (market.resting() < size) place(false);
  const loaded = id.length - 1;
  while (operations.length < length) {
    if (random.next() < 0.1) operations.push(place(true));
    else if (market.resting() < size) operations.push(place(false));
    else {
      const at = random.integer(placed.length);
      const { number, order } = placed[at]!;
      placed[at] = placed.at(-1)!;
      placed.pop();
      if (!order.queued) continue;
      market.cancel(order);
      operations.push(-number);
    }
  }
  return { loaded, id, side, price, count, operations: Int32Array.from(operations) };
}

/** A handle is what a book wants back for a cancel: the order itself, or its id. */
interface Market<Handle> {
  place(id: string, side: Side, price: Price, count: Count): Handle;
  cancel(handle: Handle): void;
  /** Contracts that rest. */
  total(): number;
}

/** Plays a workload; what rests in the end tells whether two books did the same. */
function play<Handle>(make: () => Market<Handle>): (workload: Workload) => Contender {
  return ({ loaded, id, side, price, count, operations }) => {
    let market: Market<Handle>;
    const handles = new Array<Handle>(id.length);
    const place = (number: number): void => {
      handles[number] = market.place(id[number]!, side[number]!, price[number]!, count[number]!);
    };
    return {
      setUp() {
        market = make();
        for (let number = 1; number <= loaded; number++) place(number);
      },
      run() {
        for (let i = 0; i < operations.length; i++) {
          const operation = operations[i]!;
          if (operation > 0) place(operation);
          else market.cancel(handles[-operation]!);
        }
        return market.total();
      },
    };
  };
}

/** The engine that matches. */
function createMarket(): Market<Order> & { readonly resting: () => number } {
  let resting = 0;
  const host: EngineHost = {
    mayMatch: () => true,
    bookChanged: () => {},
    bookReplaced: () => {},
    selfTradeCanceled: () => {},
    matched(_price, matched, taker, maker) {
      fill(taker!, matched);
      fill(maker!, matched);
      if (maker!.remaining === 0) resting--;
    },
  };
  const engine = new MatchingEngine(PriceGrid.cent(), host);
  return {
    place(id, side, price, count) {
      const order = new Order({
        orderId: id as OrderId,
        clientOrderId: id as ClientOrderId,
        // Nobody meets himself.
        userId: id,
        ownerId: id,
        ticker: COMMON.ticker,
        side,
        price,
        count,
        timeInForce: COMMON.timeInForce,
        selfTradePrevention: COMMON.selfTradePrevention,
        postOnly: COMMON.postOnly,
        cancelOnPause: COMMON.cancelOnPause,
        expirationMs: COMMON.expirationMs,
        nowMs: START,
        group: null,
      });
      engine.take(order);
      if (order.remaining > 0) {
        engine.rest(order);
        resting++;
      }
      return order;
    },
    cancel(order) {
      engine.remove(order);
      resting--;
    },
    resting: () => resting,
    total: () => engine.book.total('bid') + engine.book.total('ask'),
  };
}

const START = Timestamp.of(0);
const COMMON = {
  ticker: Ticker.of('KXBENCH-1'),
  timeInForce: 'good-till-canceled',
  selfTradePrevention: 'maker',
  postOnly: false,
  cancelOnPause: false,
  expirationMs: null,
} as const;

function fill(order: Order, count: number): void {
  order.remaining = (order.remaining - count) as Count;
  order.filled = (order.filled + count) as Count;
}

/** The same through the whole exchange: two users, so that nobody meets himself. */
function createVenue(): Market<OrderId> {
  const venue = createExchange({ idSeed: 'bench' });
  for (const user of USERS) venue.addUser(user, Money.fromDollars(1_000_000_000));
  venue.listMarket({
    ...aMarket({ ticker: COMMON.ticker, grid: PriceGrid.cent() }),
    status: 'active',
    openMs: START,
    closeMs: Timestamp.of(1e12),
  });
  return {
    place(id, side, price, count) {
      const request = {
        ...COMMON,
        side,
        price,
        count,
        clientOrderId: id as ClientOrderId,
        reduceOnly: false,
      };
      const placed = venue.place(side === 'bid' ? 'buyer' : 'seller', request);
      if (!placed.ok) throw new Error(`${id}: ${placed.error.code}`);
      return placed.value.order.orderId;
    },
    cancel(orderId) {
      const canceled = venue.cancel(USERS.find((user) => venue.order(user, orderId) !== null)!, orderId);
      if (!canceled.ok) throw new Error(`${orderId}: ${canceled.error.code}`);
    },
    total: () => venue.book(COMMON.ticker).total('bid') + venue.book(COMMON.ticker).total('ask'),
  };
}

const USERS = ['buyer', 'seller'];

function createNpmMarket(Book: typeof NpmBook): Market<string> {
  const book = new Book();
  return {
    place(id, side, price, count) {
      const { err } = book.limit({
        id,
        side: (side === 'bid' ? 'buy' : 'sell') as NpmSide,
        size: count / 100,
        price: price / 100,
      });
      if (err !== null) throw err;
      return id;
    },
    cancel(id) {
      if (book.cancel(id) === undefined) throw new Error(`${id} is not there`);
    },
    total() {
      const levels = book.depth().flat();
      return Math.round(100 * levels.reduce((sum, [, size]) => sum + size, 0));
    },
  };
}

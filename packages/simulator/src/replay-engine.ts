import type { Count, Price, PriceGrid, Side, Ticker } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import type { ExchangeOutput } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { RestingOrder } from './incentives/score-side.ts';
import { type ListedMarket, RecordedTrade } from './listed-market.ts';
import type { EngineHost, MarketEngine } from './market-engine.ts';
import { mayMatch, type Order } from './order.ts';
import { OwnQueue } from './own-queue.ts';
import { createQueueAdvance, type QueueAdvance } from './queue/queue-advance.ts';
import { DEFAULT_QUEUE_MODEL, type QueueModel } from './queue/queue-model.ts';

export interface ReplayOptions {
  /** How cancels of others and our place in the queue count. @default share 0.5 */
  readonly queueModel?: QueueModel;
  /** Keep recorded trades for `exchange.trades`; costs an object per trade. @default false */
  readonly keepTrades?: boolean;
}

/**
 * A recorded market that our orders queue in. The recorded levels are what others do; they do not react to us.
 * Public book = recorded − what we took from it + our resting orders.
 */
export class ReplayEngine implements MarketEngine {
  readonly book: OrderBook;
  bookKnown = false;
  readonly regrid = null;
  /** Rows that did not fit the book (off the grid, or a level below zero); the book ignores them. */
  misfits = 0;
  readonly #state: ExchangeState;
  readonly #listed: ListedMarket;
  readonly #host: EngineHost;
  readonly #grid: PriceGrid;
  readonly #advance: QueueAdvance;
  readonly #keepTrades: boolean;
  readonly #own = { bid: new OwnQueue(), ask: new OwnQueue() };
  #ownOrders = 0;
  /** How many own orders rest at each grid index, and the best of them. */
  readonly #ownBids: Int32Array;
  readonly #ownAsks: Int32Array;
  #bestOwnBid = 0;
  #bestOwnAsk = NO_OWN_ASK;
  /** Recorded counts that we have taken and that the recording still shows, by grid index. */
  readonly #taken: Record<Side, Int32Array>;
  #takenLevels = 0;
  /** Counts of trades whose delta has come and whose print has not (negative: the other way round). */
  readonly #unprinted: Record<Side, Int32Array>;
  #snapshot: Record<Side, Int32Array> | null = null;
  readonly #changed: Mutable<Extract<ExchangeOutput, { type: 'book.changed' }>>;
  #trade: RecordedTrade;
  #printed: Mutable<Extract<ExchangeOutput, { type: 'trade' }>>;
  #tradeIndex = 0;

  constructor(state: ExchangeState, listed: ListedMarket, host: EngineHost, options: ReplayOptions) {
    const { grid, ticker } = listed.market;
    this.#state = state;
    this.#listed = listed;
    this.#host = host;
    this.#grid = grid;
    this.#advance = createQueueAdvance(options.queueModel ?? DEFAULT_QUEUE_MODEL);
    this.#keepTrades = options.keepTrades ?? false;
    this.book = new OrderBook(grid);
    this.#ownBids = new Int32Array(grid.size);
    this.#ownAsks = new Int32Array(grid.size);
    this.#taken = { bid: new Int32Array(grid.size), ask: new Int32Array(grid.size) };
    this.#unprinted = { bid: new Int32Array(grid.size), ask: new Int32Array(grid.size) };
    this.#changed = changedOutput(ticker);
    this.#trade = new RecordedTrade(ticker);
    this.#printed = { type: 'trade', trade: this.#trade };
  }

  /**
   * A recorded change of a level. Trades are already in the deltas; a delta that a trade caused does not advance
   * the queue, its print does.
   */
  applyDelta(side: Side, price: Price, delta: number, causedByTrade: boolean): void {
    if (this.#snapshot !== null) this.endSnapshot();
    if (causedByTrade) {
      const index = this.#grid.indexByPrice[price]!;
      if (index >= 0) this.#unprinted[side][index]! -= delta;
    }
    if (this.#concernsOwn(side, price, delta)) {
      this.#applyAmongOwn(side, price, delta, causedByTrade);
    } else if (this.book.change(side, price, delta) < 0) {
      this.misfits++;
    } else {
      this.#tellChange(side, price, delta);
    }
  }

  /** A recorded trade. `hasDelta`: a delta flagged `causedByTrade` belongs to it, before or after. */
  applyTrade(price: Price, count: number, takerSide: Side, hasDelta: boolean): void {
    if (this.#snapshot !== null) this.endSnapshot();
    const makerSide: Side = takerSide === 'bid' ? 'ask' : 'bid';
    if (hasDelta) {
      const index = this.#grid.indexByPrice[price]!;
      if (index >= 0) this.#unprinted[makerSide][index]! -= count;
    }
    this.#tellTrade(price, count, takerSide);
    if (this.#ownOrders === 0) return;
    if (this.#host.mayMatch()) this.#tradeAmongOwn(makerSide, price, count);
    else this.#capAhead(makerSide, price);
  }

  /** A delta that was taken for a trade's has found no print: it was a cancel. */
  reviseToCancel(side: Side, price: Price, count: number): void {
    const index = this.#grid.indexByPrice[price]!;
    if (!(index >= 0)) return;
    const recorded = this.#queued(side, price);
    this.#unprinted[side][index]! -= count;
    this.#creditCancel(side, price, count, recorded);
    this.#capAhead(side, price);
  }

  /** A print of which a delta was expected has found none. `side` is the maker's. */
  reviseToUnpaired(side: Side, price: Price, count: number): void {
    const index = this.#grid.indexByPrice[price]!;
    if (index >= 0) this.#unprinted[side][index]! += count;
  }

  /** A recorded snapshot starts: the levels that follow are the whole book. */
  beginSnapshot(): void {
    const size = this.#grid.size;
    this.#snapshot = { bid: new Int32Array(size), ask: new Int32Array(size) };
  }

  applyLevel(side: Side, price: Price, count: number): void {
    const index = this.#grid.indexByPrice[price]!;
    if (!(index >= 0) || count < 0) this.misfits++;
    else if (this.#snapshot !== null) this.#snapshot[side][index] = count;
    else this.applyDelta(side, price, count - this.#recorded(side, price, index), false);
  }

  /** The snapshot is complete; also called by whatever comes next. */
  endSnapshot(): void {
    const snapshot = this.#snapshot;
    if (snapshot === null) return;
    this.#snapshot = null;
    this.book.clear();
    for (const side of ['bid', 'ask'] as const) {
      this.#unprinted[side].fill(0);
      for (const order of this.#own[side].orders) this.book.change(side, order.price, order.remaining);
    }
    for (const side of ['bid', 'ask'] as const) {
      for (let i = 0; i < this.#grid.size; i++) {
        const at = side === 'bid' ? this.#grid.size - 1 - i : i;
        const recorded = snapshot[side][at]!;
        const price = this.#grid.prices[at]! as Price;
        this.#setTaken(side, at, Math.min(this.#taken[side][at]!, recorded));
        const visible = recorded - this.#taken[side][at]!;
        if (visible === 0) continue;
        const absorbed = this.#absorb(side, price, visible);
        if (absorbed > 0) this.#setTaken(side, at, this.#taken[side][at]! + absorbed);
        this.book.change(side, price, visible - absorbed);
      }
      for (const order of this.#own[side].orders) this.#capAhead(side, order.price);
    }
    this.bookKnown = true;
    this.#host.bookReplaced();
  }

  /** What came at or through our prices during the pause meets them now. */
  resume(): void {
    if (this.#ownOrders === 0) return;
    for (const side of ['bid', 'ask'] as const) {
      const crossing: [Price, number][] = [];
      this.book.forEachLevel(side, (price, count) => {
        if (side === 'bid' ? price < this.#bestOwnAsk : price > this.#bestOwnBid) return false;
        crossing.push([price, count - this.#own[side].total(price)]);
        return true;
      });
      for (const [price, visible] of crossing) {
        const absorbed = this.#absorb(side, price, visible);
        if (absorbed === 0) continue;
        const index = this.#grid.indexByPrice[price]!;
        this.#setTaken(side, index, this.#taken[side][index]! + absorbed);
        this.book.change(side, price, -absorbed);
        this.#tellChange(side, price, -absorbed);
        this.#capAhead(side, price);
      }
    }
  }

  crosses(side: Side, price: Price): boolean {
    return side === 'bid' ? price >= this.book.bestAsk() : price <= this.book.bestBid();
  }

  probe(ownerId: string, side: Side, price: Price, count: number): { fillable: number; meetsOwn: boolean } {
    const makerSide: Side = side === 'bid' ? 'ask' : 'bid';
    let fillable = 0;
    let meetsOwn = false;
    this.book.forEachLevel(makerSide, (level, size) => {
      if (side === 'bid' ? level > price : level < price) return false;
      meetsOwn = this.#own[makerSide].at(level).some((order) => order.ownerId === ownerId);
      fillable += size;
      return !meetsOwn && fillable < count;
    });
    return { fillable: Math.min(fillable, count), meetsOwn };
  }

  take(order: Order): 'done' | 'self-trade' {
    const makerSide: Side = order.side === 'bid' ? 'ask' : 'bid';
    while (mayMatch(order) && this.crosses(order.side, order.price)) {
      const price = makerSide === 'ask' ? this.book.bestAsk() : this.book.bestBid();
      const first = this.#own[makerSide].first(price);
      const visible = this.book.countAt(makerSide, price) - this.#own[makerSide].total(price);
      const recorded = first === null ? visible : Math.min(visible, first.recordedAhead);
      if (recorded > 0) {
        this.#takeRecorded(order, makerSide, price, Math.min(order.remaining, recorded));
      } else if (first!.ownerId !== order.ownerId) {
        this.#fillOwn(first!, Math.min(order.remaining, first!.remaining), order, 'match', true);
      } else if (order.selfTradePrevention === 'taker-at-cross') {
        return 'self-trade';
      } else {
        this.#host.selfTradeCanceled(first!);
      }
    }
    return 'done';
  }

  rest(order: Order): void {
    const { side, price } = order;
    order.recordedAhead = this.#advance.startsBehind(this.#queued(side, price));
    order.cancelParts = 0;
    this.#own[side].add(order);
    this.#ownOrders++;
    this.#countOwn(side, price, 1);
    this.#change(side, price, order.remaining, order);
  }

  remove(order: Order): void {
    this.#leave(order);
    this.reduce(order, order.remaining);
  }

  reduce(order: Order, by: number): void {
    this.#change(order.side, order.price, -by, order);
  }

  *restingOrders(side: Side): Iterable<RestingOrder> {
    const levels: (readonly [Price, number])[] = [];
    this.book.forEachLevel(side, (price, count) => {
      levels.push([price, count]);
      return true;
    });
    const own = this.#own[side];
    for (const [price, count] of levels) {
      let recorded = count - own.total(price);
      let passed = 0;
      for (const order of own.at(price)) {
        const between = Math.min(recorded, Math.max(0, order.recordedAhead - passed));
        if (between > 0) yield { userId: null, price, count: between };
        recorded -= between;
        passed += between;
        yield { userId: order.ownerId, price, count: order.remaining };
      }
      if (recorded > 0) yield { userId: null, price, count: recorded };
    }
  }

  ahead(order: Order): number {
    let sum = order.recordedAhead;
    for (const other of this.#own[order.side].at(order.price)) {
      if (other === order) break;
      sum += other.remaining;
    }
    return sum;
  }

  /** Most changes are at levels where we have nothing, and cross nothing of ours. */
  #concernsOwn(side: Side, price: Price, delta: number): boolean {
    if (this.#ownOrders === 0 && this.#takenLevels === 0) return false;
    const index = this.#grid.indexByPrice[price]!;
    if (!(index >= 0)) return true;
    if (side === 'bid') {
      return (
        this.#ownBids[index]! > 0 || this.#taken.bid[index]! > 0 || (delta > 0 && price >= this.#bestOwnAsk)
      );
    }
    return (
      this.#ownAsks[index]! > 0 || this.#taken.ask[index]! > 0 || (delta > 0 && price <= this.#bestOwnBid)
    );
  }

  #applyAmongOwn(side: Side, price: Price, delta: number, causedByTrade: boolean): void {
    const index = this.#grid.indexByPrice[price]!;
    const before = index >= 0 ? this.#recorded(side, price, index) : 0;
    const recorded = before + delta;
    if (!(index >= 0) || recorded < 0) {
      this.misfits++;
      return;
    }
    const isCancel = delta < 0 && !causedByTrade;
    const queued = isCancel ? this.#queued(side, price) : 0;
    const absorbed = delta > 0 ? this.#absorb(side, price, delta) : 0;
    const taken = this.#taken[side][index]!;
    this.#setTaken(side, index, Math.min(taken + absorbed, recorded));
    const change = recorded - this.#taken[side][index]! - (before - taken);
    if (change !== 0) {
      this.book.change(side, price, change);
      this.#tellChange(side, price, change);
    }
    if (delta >= 0) return;
    if (isCancel) this.#creditCancel(side, price, -delta, queued);
    this.#capAhead(side, price);
  }

  /** @param recorded what was queued at the level before the cancel */
  #creditCancel(side: Side, price: Price, count: number, recorded: number): void {
    for (const order of this.#own[side].orders) {
      if (order.price === price) this.#advance.credit(order, count, recorded);
    }
  }

  #tradeAmongOwn(makerSide: Side, price: Price, count: number): void {
    let left = count;
    for (const order of this.#own[makerSide].betterThan(makerSide, price)) {
      if (left === 0) return;
      // An earlier match may have canceled it, by its order group.
      if (order.remaining === 0) continue;
      const fills = Math.min(left, order.remaining);
      left -= fills;
      this.#fillOwn(order, fills, null, 'through', false);
    }
    let recorded = 0;
    for (const order of this.#own[makerSide].at(price)) {
      const passed = Math.min(left, Math.max(0, order.recordedAhead - recorded));
      recorded += passed;
      left -= passed;
      const fills = this.#advance.fillsAtPrice ? Math.min(left, order.remaining) : 0;
      left -= fills;
      // Everything recorded that was in front of this order has traded, or the trade ended there.
      order.recordedAhead = Math.max(0, order.recordedAhead - recorded);
      if (fills > 0) this.#fillOwn(order, fills, null, 'queue', false);
    }
    this.#capAhead(makerSide, price);
  }

  /** A recorded order of `side` arrives: our orders that it crosses take from it. @returns how much they took */
  #absorb(side: Side, price: Price, size: number): number {
    if (!this.#host.mayMatch()) return 0;
    const ownSide: Side = side === 'bid' ? 'ask' : 'bid';
    let left = size;
    for (const order of this.#own[ownSide].atOrBetterThan(ownSide, price)) {
      if (left === 0) break;
      if (order.remaining === 0) continue;
      const fills = Math.min(left, order.remaining);
      left -= fills;
      this.#fillOwn(order, fills, null, 'through', true);
    }
    return size - left;
  }

  #takeRecorded(order: Order, makerSide: Side, price: Price, count: number): void {
    const index = this.#grid.indexByPrice[price]!;
    this.#setTaken(makerSide, index, this.#taken[makerSide][index]! + count);
    for (const own of this.#own[makerSide].at(price)) {
      own.recordedAhead = Math.max(0, own.recordedAhead - count);
    }
    this.#change(makerSide, price, -count, order);
    this.#host.matched(price, count, order, null, 'match', true);
  }

  #fillOwn(
    maker: Order,
    count: number,
    taker: Order | null,
    cause: 'match' | 'queue' | 'through',
    printed: boolean,
  ): void {
    if (count === maker.remaining) this.#leave(maker);
    this.#change(maker.side, maker.price, -count, taker ?? maker);
    this.#host.matched(maker.price, count, taker, maker, cause, printed);
  }

  #leave(order: Order): void {
    if (!this.#own[order.side].remove(order)) return;
    this.#ownOrders--;
    this.#countOwn(order.side, order.price, -1);
  }

  #countOwn(side: Side, price: Price, by: 1 | -1): void {
    const index = this.#grid.indexByPrice[price]!;
    const { orders } = this.#own[side];
    if (side === 'bid') {
      this.#ownBids[index]! += by;
      this.#bestOwnBid = orders[0]?.price ?? 0;
    } else {
      this.#ownAsks[index]! += by;
      this.#bestOwnAsk = orders[0]?.price ?? NO_OWN_ASK;
    }
  }

  #recorded(side: Side, price: Price, index: number): number {
    return this.book.countAt(side, price) - this.#own[side].total(price) + this.#taken[side][index]!;
  }

  #setTaken(side: Side, index: number, count: number): void {
    const counts = this.#taken[side];
    if (counts[index] === 0 && count > 0) this.#takenLevels++;
    else if (counts[index]! > 0 && count === 0) this.#takenLevels--;
    counts[index] = count;
  }

  /** Recorded contracts at a level that we have not taken, prints still to come included. */
  #queued(side: Side, price: Price): number {
    const index = this.#grid.indexByPrice[price]!;
    if (!(index >= 0)) return 0;
    const visible = this.book.countAt(side, price) - this.#own[side].total(price);
    return Math.max(0, visible + this.#unprinted[side][index]!);
  }

  /** Nobody can have more in front of him than the recording shows. */
  #capAhead(side: Side, price: Price): void {
    let most = -1;
    for (const order of this.#own[side].orders) {
      if (order.price !== price) continue;
      if (most < 0) most = this.#queued(side, price);
      if (order.recordedAhead > most) order.recordedAhead = most;
    }
  }

  #change(side: Side, price: Price, delta: number, cause: Order): void {
    this.book.change(side, price, delta);
    this.#host.bookChanged(side, price, delta, cause);
  }

  #tellChange(side: Side, price: Price, delta: number): void {
    const output = this.#changed;
    output.side = side;
    output.price = price;
    output.delta = delta;
    output.atMs = this.#state.nowMs;
    this.#state.emitBookChanged(output);
  }

  #tellTrade(price: Price, count: number, takerSide: Side): void {
    const { nowMs } = this.#state;
    if (this.#keepTrades) {
      this.#trade = new RecordedTrade(this.#listed.market.ticker);
      this.#printed = { type: 'trade', trade: this.#trade };
      this.#listed.keepTrade(this.#trade);
    }
    const trade = this.#trade;
    trade.price = price;
    trade.count = count as Count;
    trade.takerSide = takerSide;
    trade.atMs = nowMs;
    trade.index = ++this.#tradeIndex;
    this.#listed.countTrade(price, count, nowMs);
    this.#state.emit(this.#printed);
  }
}

/** Above every price. */
const NO_OWN_ASK = 10_001;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function changedOutput(ticker: Ticker): Mutable<Extract<ExchangeOutput, { type: 'book.changed' }>> {
  return {
    type: 'book.changed',
    ticker,
    side: 'bid',
    price: 0 as Price,
    delta: 0,
    atMs: 0 as never,
    userId: null,
    clientOrderId: null,
  };
}

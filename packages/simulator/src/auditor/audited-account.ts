import { type FeeRounding, Holding, type Market, Money, type OrderId, type Ticker } from '@kalshi-mm/core';
import type {
  CashOutput,
  ExchangeFill,
  ExchangeOrder,
  ExchangePosition,
  ExchangeSettlement,
  UserId,
} from '../exchange-api.ts';
import { AuditedOrder } from './audited-order.ts';
import type { Compare } from './compare.ts';

interface AuditedHolding {
  held: Holding;
  totalTraded: number;
}

/** One user's books, kept from outputs alone. */
export class AuditedAccount {
  readonly userId: UserId;
  /** All cash by shard, what orders hold back included; null is the pool. */
  readonly cash = new Map<number | null, number>();
  readonly holdings = new Map<Ticker, AuditedHolding>();
  readonly orders = new Map<OrderId, AuditedOrder>();
  readonly open = new Set<AuditedOrder>();
  fills = 0;
  settlements = 0;
  /** Paid by the streams, not told of by the exchange yet. */
  readonly unpaid = new Map<Ticker, { readonly revenue: number; readonly position: number }>();
  /** Sum of transfers, of this account alone. */
  inTransfer = 0;
  readonly #fillKeys = new Set<string>();

  constructor(userId: UserId) {
    this.userId = userId;
  }

  moveCash({ exchangeIndex, change, reason }: CashOutput): void {
    this.cash.set(exchangeIndex, (this.cash.get(exchangeIndex) ?? 0) + change);
    if (reason === 'transfer') this.inTransfer += change;
  }

  hearOrder(order: ExchangeOrder, nextSequence: () => number, compare: Compare): void {
    let known = this.orders.get(order.orderId);
    if (known === undefined) {
      known = new AuditedOrder(order, nextSequence());
      this.orders.set(order.orderId, known);
    }
    known.restate(order, nextSequence, compare);
    if (known.status === 'resting') this.open.add(known);
    else this.open.delete(known);
  }

  hearFill(fill: ExchangeFill, market: Market, rounding: FeeRounding, compare: Compare): void {
    const key = `${fill.fillId} ${fill.orderId}`;
    compare(`fill ${key}: told once`, false, this.#fillKeys.has(key));
    this.#fillKeys.add(key);
    const order = this.orders.get(fill.orderId);
    compare(`fill ${key}: order was told before`, true, order !== undefined);
    if (order === undefined) return;
    const fee = order.fill(fill, market, rounding, compare);
    if (order.status !== 'resting') this.open.delete(order);
    const holding = this.#holding(market);
    const before = holding.held;
    const { side, price, count } = fill;
    holding.held = Holding.afterFill(before, side, price, count, Money.of(fee));
    holding.totalTraded += (side === 'bid' ? price : 10_000 - price) * count;
    // A contract short has a dollar in it; the rest of a match is its price, in or out.
    const shorts = Math.max(0, -holding.held.position) - Math.max(0, -before.position);
    const paid = (side === 'bid' ? price : -price) * count + 10_000 * shorts + fee;
    this.#pay(market.exchangeIndex, -paid);
    this.fills++;
    compare(`fill ${key}: position after it`, holding.held.position, fill.positionAfter);
  }

  /** The market pays out: what it owes is booked now and must be told next. */
  settle(market: Market, rounding: FeeRounding): void {
    const holding = this.holdings.get(market.ticker);
    if (holding === undefined || holding.held.position === 0) return;
    const { position } = holding.held;
    const worth = Holding.payout(position, market.settlementPrice!);
    const crumb = worth % rounding.balancePrecision;
    const after = Holding.afterSettlement(holding.held, market.settlementPrice!);
    holding.held = { ...after, realizedPnl: Money.of(after.realizedPnl - crumb) };
    this.#pay(market.exchangeIndex, worth - crumb);
    this.unpaid.set(market.ticker, { revenue: worth - crumb, position });
  }

  hearSettlement(settlement: ExchangeSettlement, compare: Compare): void {
    const where = `settlement of ${this.userId} in ${settlement.ticker}`;
    const owed = this.unpaid.get(settlement.ticker);
    compare(`${where}: is owed`, true, owed !== undefined);
    if (owed === undefined) return;
    this.unpaid.delete(settlement.ticker);
    this.settlements++;
    compare(`${where}: revenue`, owed.revenue, settlement.revenue);
    compare(`${where}: position`, owed.position, settlement.position);
  }

  comparePosition(found: ExchangePosition, compare: Compare): void {
    const where = `position of ${this.userId} in ${found.ticker}`;
    const holding = this.holdings.get(found.ticker);
    compare(`${where}: known`, true, holding !== undefined);
    if (holding === undefined) return;
    const { held, totalTraded } = holding;
    compare(`${where}: contracts`, held.position, found.position);
    compare(`${where}: exposure`, held.cost, found.exposure);
    compare(`${where}: realized PnL`, held.realizedPnl, found.realizedPnl);
    compare(`${where}: fees`, held.fees, found.feesPaid);
    compare(`${where}: total traded`, totalTraded, found.totalTraded);
  }

  /** What open orders should hold back, by shard, from positions, orders and the fees of now. */
  reserved(market: (ticker: Ticker) => Market): Map<number | null, number> {
    const sums = new Map<number | null, number>();
    const byMarketSide = Map.groupBy(this.open, ({ ticker, side }) => `${ticker} ${side}`);
    for (const orders of byMarketSide.values()) {
      const { ticker, side } = orders[0]!;
      const { exchangeIndex, fees } = market(ticker);
      const position = this.holdings.get(ticker)?.held.position ?? 0;
      const sign = side === 'bid' ? -1 : 1;
      // The order that would match first closes the position first; the rest opens.
      let closable = Math.max(0, sign * position);
      orders.sort((a, b) => sign * (a.price - b.price) || a.sequence - b.sequence);
      let sum = 0;
      for (const order of orders) {
        const closes = Math.min(closable, order.remaining);
        closable -= closes;
        sum += (order.remaining - closes) * order.unitReserve(fees);
      }
      const place = this.#place(exchangeIndex);
      sums.set(place, (sums.get(place) ?? 0) + sum);
    }
    return sums;
  }

  #holding(market: Market): AuditedHolding {
    let holding = this.holdings.get(market.ticker);
    if (holding === undefined) {
      holding = { held: Holding.EMPTY, totalTraded: 0 };
      this.holdings.set(market.ticker, holding);
    }
    return holding;
  }

  #pay(exchangeIndex: number, amount: number): void {
    const place = this.#place(exchangeIndex);
    this.cash.set(place, (this.cash.get(place) ?? 0) + amount);
  }

  #place(exchangeIndex: number): number | null {
    return this.cash.has(null) ? null : exchangeIndex;
  }
}

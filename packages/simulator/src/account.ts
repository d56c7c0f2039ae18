import type { ClientOrderId, Money, Ticker } from '@kalshi-mm/core';
import type {
  ExchangeFill,
  ExchangeSettlement,
  ShardBalance,
  ShardTransfer,
  TargetAllocation,
  UserId,
} from './exchange-api.ts';
import { Holding } from './holding.ts';
import type { Order } from './order.ts';
import { Subaccount } from './subaccount.ts';

/** Money in one place: on one shard, or (shard null) in a pool that serves all of them. */
export class Purse {
  readonly exchangeIndex: number | null;
  /** All cash, what resting orders hold back included. */
  cash = 0;
  /** What resting orders hold back. */
  reserved = 0;

  constructor(exchangeIndex: number | null) {
    this.exchangeIndex = exchangeIndex;
  }

  get free(): number {
    return this.cash - this.reserved;
  }

  balance(): ShardBalance {
    return {
      exchangeIndex: this.exchangeIndex,
      cash: this.free as Money,
      reserved: this.reserved as Money,
    };
  }
}

/** One user's, or subaccount's, money and belongings. */
export class Account {
  readonly userId: UserId;
  /** The primary account of its user; itself if it is that. */
  readonly owner: Account;
  /** 0 for the primary account. */
  readonly number: number;
  /** All accounts of the user, by number; kept by the primary one. */
  readonly family: Account[];
  /** Null: the money lies on shards. */
  readonly pool: Purse | null;
  readonly holdings = new Map<Ticker, Holding>();
  /** House accounts belong to the simulation: no history, no private outputs. */
  readonly house: boolean;
  readonly orders: Order[] = [];
  readonly fills: ExchangeFill[] = [];
  readonly settlements: ExchangeSettlement[] = [];
  /** Shared by all accounts of a user. */
  readonly transfers: ShardTransfer[];
  /** Shared by all accounts of a user. */
  readonly clientOrderIds: Set<ClientOrderId>;
  /** Of all accounts of the user; kept by the primary one. */
  openOrders = 0;
  /** The same of order groups. */
  orderGroups = 0;
  netting = false;
  /** Null: cash stays where it is. */
  target: TargetAllocation | null = null;
  readonly #purses = new Map<number, Purse>();

  /** @param owner null for a user's primary account */
  constructor(userId: UserId, pooled: boolean, house: boolean, owner: Account | null = null) {
    this.userId = userId;
    this.owner = owner ?? this;
    this.number = Subaccount.numberOf(userId);
    this.family = owner?.family ?? [];
    this.family.push(this);
    this.transfers = owner?.transfers ?? [];
    this.clientOrderIds = owner?.clientOrderIds ?? new Set();
    this.pool = pooled ? new Purse(null) : null;
    this.house = house;
  }

  /** The money for a shard; undefined when the user was never funded there. */
  purse(exchangeIndex: number): Purse | undefined {
    return this.pool ?? this.#purses.get(exchangeIndex);
  }

  /** The money for a shard, made if need be. */
  provision(exchangeIndex: number): Purse {
    let purse = this.purse(exchangeIndex);
    if (purse === undefined) {
      purse = new Purse(exchangeIndex);
      this.#purses.set(exchangeIndex, purse);
    }
    return purse;
  }

  /** By shard. */
  purses(): readonly Purse[] {
    if (this.pool !== null) return [this.pool];
    return [...this.#purses.values()].sort((a, b) => a.exchangeIndex! - b.exchangeIndex!);
  }

  /** What the user has in a market; its money must have a place (`purse`). */
  holding(market: { readonly ticker: Ticker; readonly exchangeIndex: number }): Holding {
    let holding = this.holdings.get(market.ticker);
    if (holding === undefined) {
      holding = new Holding(market.ticker, this.provision(market.exchangeIndex));
      this.holdings.set(market.ticker, holding);
    }
    return holding;
  }
}

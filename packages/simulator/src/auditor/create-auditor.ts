import { FeeRounding, type Market, MmError, type Ticker, type Timestamp } from '@kalshi-mm/core';
import type { Exchange, ExchangeFill, ExchangeOutput, UserId } from '../exchange-api.ts';
import type { OutputListener } from '../exchange-state.ts';
import { Subaccount } from '../subaccount.ts';
import { AuditedAccount } from './audited-account.ts';
import { auditDifference, type Compare } from './compare.ts';

export interface AuditorOptions {
  /** The exchange's own rounding. @default FeeRounding.DIRECT_MEMBER */
  readonly rounding?: FeeRounding;
}

/** Independent bookkeeping: cash, reserves, positions, fees and open orders from the outputs alone. */
export interface Auditor {
  /** Give it to `onOutput`, or to `addListener` before there are markets and users. */
  readonly hear: OutputListener;
  /**
   * Compares everything with the ledger, between two calls of the exchange.
   * @throws MmError `audit-difference`, naming the first difference, those found while listening first
   */
  check(exchange: Exchange): void;
  /** Users that it keeps books for. */
  readonly users: readonly UserId[];
}

/** Makes an auditor. House users tell nothing, so it keeps no books for them. */
export function createAuditor(options: AuditorOptions = {}): Auditor {
  return new StreamAuditor(options.rounding ?? FeeRounding.DIRECT_MEMBER);
}

class StreamAuditor implements Auditor {
  readonly #rounding: FeeRounding;
  readonly #accounts = new Map<UserId, AuditedAccount>();
  readonly #markets = new Map<Ticker, Market>();
  readonly #stoppedGroups = new Set<string>();
  /** Found while listening; an exception there would break the exchange's own call. */
  #first: MmError | null = null;
  #nowMs: Timestamp | null = null;
  #party: { readonly fillId: string; readonly owner: UserId } | null = null;
  #sequence = 0;

  constructor(rounding: FeeRounding) {
    this.#rounding = rounding;
  }

  get users(): readonly UserId[] {
    return [...this.#accounts.keys()];
  }

  readonly hear = (output: ExchangeOutput): void => {
    switch (output.type) {
      case 'cash':
        this.#nowMs = output.atMs;
        this.#account(output.userId).moveCash(output);
        return;
      case 'market':
        this.#nowMs = output.atMs;
        this.#hearMarket(output.change, output.market);
        return;
      case 'order':
        this.#nowMs = output.atMs;
        this.#funded(output.order.userId).hearOrder(output.order, this.#nextSequence, this.#note);
        return;
      case 'fill': {
        const { fill } = output;
        this.#nowMs = fill.atMs;
        const account = this.#funded(fill.userId);
        const market = this.#markets.get(fill.ticker);
        this.#note(`fill ${fill.fillId}: market was told before`, true, market !== undefined);
        if (market === undefined) return;
        this.#note(`fill ${fill.fillId}: market status`, 'active', market.status);
        account.hearFill(fill, market, this.#rounding, this.#note);
        this.#hearParty(fill);
        return;
      }
      case 'position':
        this.#account(output.userId).comparePosition(output.position, this.#note);
        return;
      case 'settlement':
        this.#account(output.userId).hearSettlement(output.settlement, this.#note);
        return;
      case 'order-group':
        if (output.change === 'reset') this.#stoppedGroups.delete(output.groupId);
        if (output.change === 'triggered' || output.change === 'deleted') {
          this.#stoppedGroups.add(output.groupId);
        }
        return;
      case 'book.changed':
      case 'book.replaced':
      case 'trade':
      case 'event-fees':
        return;
    }
  };

  check(exchange: Exchange): void {
    if (this.#first !== null) throw this.#first;
    this.#nowMs = exchange.nowMs;
    for (const account of this.#accounts.values()) {
      this.#checkOrders(account, exchange);
      this.#checkPositions(account, exchange);
      this.#checkCash(account, exchange);
    }
    this.#checkTransfers(exchange);
  }

  /** Between shards and accounts of one user nothing is lost. */
  #checkTransfers(exchange: Exchange): void {
    const compare = throwAt(exchange.nowMs);
    const byUser = Map.groupBy(this.#accounts.values(), ({ userId }) => Subaccount.ownerOf(userId));
    for (const [owner, accounts] of byUser) {
      const sum = accounts.reduce((total, { inTransfer }) => total + inTransfer, 0);
      compare(`transfers of ${owner}: sum`, 0, sum);
    }
  }

  #checkOrders(account: AuditedAccount, exchange: Exchange): void {
    const { userId } = account;
    const compare = throwAt(exchange.nowMs);
    const told = exchange.orders(userId);
    for (const order of told) {
      const known = account.orders.get(order.orderId);
      compare(`order ${order.orderId}: was told`, true, known !== undefined);
      known!.compareWith(order, compare);
    }
    // Orders that ended without a fill may have been forgotten; see `sweepSettled`.
    let kept = 0;
    for (const order of account.orders.values()) if (order.status === 'resting' || order.filled > 0) kept++;
    const shown = told.filter((order) => order.status === 'resting' || order.filled > 0).length;
    compare(`orders of ${userId}: how many that rest or traded`, kept, shown);
    const open = told.filter((order) => order.status === 'resting').length;
    compare(`open orders of ${userId}: how many`, account.open.size, open);
    for (const { orderId, ticker, groupId } of account.open) {
      const { status } = this.#market(ticker);
      compare(`order ${orderId}: rests in a ${status} market`, false, !OPEN_STATUSES.has(status));
      compare(`order ${orderId}: rests in a stopped group`, false, this.#stoppedGroups.has(groupId ?? ''));
    }
  }

  #checkPositions(account: AuditedAccount, exchange: Exchange): void {
    const { userId, holdings } = account;
    const compare = throwAt(exchange.nowMs);
    const positions = exchange.positions(userId);
    compare(`positions of ${userId}: how many`, holdings.size, positions.length);
    for (const position of positions) account.comparePosition(position, compare);
    compare(`fills of ${userId}: how many`, account.fills, exchange.fills(userId).length);
    const [owed] = account.unpaid.keys();
    compare(`settlement of ${userId} that was not told`, null, owed ?? null);
    compare(`settlements of ${userId}: how many`, account.settlements, exchange.settlements(userId).length);
  }

  #checkCash(account: AuditedAccount, exchange: Exchange): void {
    const { userId } = account;
    const compare = throwAt(exchange.nowMs);
    const reserved = account.reserved((ticker) => this.#market(ticker));
    const balances = exchange.shardBalances(userId);
    compare(`cash of ${userId}: in how many places`, account.cash.size, balances.length);
    for (const balance of balances) {
      const { exchangeIndex } = balance;
      const where = exchangeIndex === null ? userId : `${userId} on shard ${exchangeIndex}`;
      compare(`reserved cash of ${where}`, reserved.get(exchangeIndex) ?? 0, balance.reserved);
      compare(`cash of ${where}`, account.cash.get(exchangeIndex) ?? null, balance.cash + balance.reserved);
    }
  }

  /** The two fills of a match follow each other. */
  #hearParty({ fillId, userId }: ExchangeFill): void {
    const owner = Subaccount.ownerOf(userId);
    const before = this.#party;
    this.#party = { fillId, owner };
    const isSelf = before !== null && before.fillId === fillId && before.owner === owner;
    this.#note(`fill ${fillId}: both parties are ${owner}`, false, isSelf);
  }

  #hearMarket(change: string, market: Market): void {
    this.#markets.set(market.ticker, market);
    if (change !== 'settled') return;
    for (const account of this.#accounts.values()) account.settle(market, this.#rounding);
  }

  #market(ticker: Ticker): Market {
    const market = this.#markets.get(ticker);
    if (market !== undefined) return market;
    throw new MmError('audit-late', `The auditor was not told of market ${ticker}`, { todo: LATE });
  }

  #account(userId: UserId): AuditedAccount {
    let account = this.#accounts.get(userId);
    if (account === undefined) {
      account = new AuditedAccount(userId);
      this.#accounts.set(userId, account);
    }
    return account;
  }

  #funded(userId: UserId): AuditedAccount {
    const known = this.#accounts.has(userId);
    if (!known) {
      this.#first ??= new MmError('audit-late', `The auditor was not told of user ${userId}`, { todo: LATE });
    }
    return this.#account(userId);
  }

  readonly #nextSequence = (): number => ++this.#sequence;

  readonly #note: Compare = (what, expected, found) => {
    if (expected !== found) this.#first ??= auditDifference(what, expected, found, this.#nowMs);
  };
}

function throwAt(atMs: Timestamp): Compare {
  return (what, expected, found) => {
    if (expected !== found) throw auditDifference(what, expected, found, atMs);
  };
}

const OPEN_STATUSES: ReadonlySet<Market['status']> = new Set(['active', 'inactive']);
const LATE = 'Attach it with `onOutput` when the exchange is made, or before the first market and user.';

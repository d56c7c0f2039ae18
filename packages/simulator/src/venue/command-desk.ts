import type {
  AmendOrder,
  CancelOrder,
  ClientOrderId,
  Command,
  Count,
  DecreaseOrder,
  Event,
  OrderId,
  PlaceOrder,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { Exchange, ExchangeError, ExchangeFill, SelfTradePrevention, UserId } from '../exchange-api.ts';
import { cancelReason, goneReason, rejectReason } from './reasons.ts';

/** Sends an event back to us; it gets its time when it arrives. */
export type Deliver = (make: (atMs: Timestamp) => Event) => void;

export interface CommandDeskOptions {
  readonly exchange: Exchange;
  readonly userId: UserId;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
  readonly deliver: Deliver;
  readonly deliverFill: (fill: ExchangeFill) => void;
}

/** Carries out commands on an exchange and answers them: the answer first, then the fills that it caused. */
export class CommandDesk {
  readonly #exchange: Exchange;
  readonly #userId: UserId;
  readonly #selfTradePrevention: SelfTradePrevention;
  readonly #cancelOnPause: boolean;
  readonly #deliver: Deliver;
  readonly #deliverFill: (fill: ExchangeFill) => void;
  /** The order that the command in execution is about; its story is told by the answer. */
  executing: ClientOrderId | null = null;
  /** Fills that the command in execution has caused for us. */
  readonly #fills: ExchangeFill[] = [];
  /** Tells, after the fills, that the amended order was canceled. */
  #gone: (() => void) | null = null;

  constructor(options: CommandDeskOptions) {
    this.#exchange = options.exchange;
    this.#userId = options.userId;
    this.#selfTradePrevention = options.selfTradePrevention;
    this.#cancelOnPause = options.cancelOnPause;
    this.#deliver = options.deliver;
    this.#deliverFill = options.deliverFill;
  }

  keepFill(fill: ExchangeFill): void {
    this.#fills.push(fill);
  }

  /** @returns whether money has moved */
  execute(command: Command): boolean {
    this.executing = command.clientOrderId;
    this.#fills.length = 0;
    this.#answer(command);
    this.executing = null;
    for (const fill of this.#fills) this.#deliverFill(fill);
    this.#gone?.();
    this.#gone = null;
    return this.#fills.length > 0;
  }

  #answer(command: Command): void {
    switch (command.type) {
      case 'order.place':
        this.#place(command);
        return;
      case 'order.amend':
        this.#amend(command);
        return;
      case 'order.decrease':
        this.#decrease(command);
        return;
      case 'order.cancel':
        this.#cancel(command);
    }
  }

  #place(command: PlaceOrder): void {
    const { clientOrderId, ticker } = command;
    const result = this.#exchange.place(this.#userId, {
      ticker,
      side: command.side,
      price: command.price,
      count: command.count,
      timeInForce: command.timeInForce,
      selfTradePrevention: this.#selfTradePrevention,
      clientOrderId,
      postOnly: command.postOnly,
      reduceOnly: command.reduceOnly,
      cancelOnPause: this.#cancelOnPause,
      expirationMs: command.expirationMs,
    });
    if (!result.ok) {
      const reason = rejectReason(result.error);
      const message = messageOf(result.error);
      this.#deliver((atMs) => ({ type: 'order.rejected', atMs, clientOrderId, ticker, reason, message }));
      return;
    }
    // Copied now: the order lives on while the answer travels.
    const { orderId, remaining, filled } = result.value.order;
    this.#deliver((atMs) => ({
      type: 'order.accepted',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      remaining,
      filled,
    }));
  }

  #amend(command: AmendOrder): void {
    const { orderId, ticker, side, price, totalCount } = command;
    const change = { side, price, totalCount, clientOrderId: null };
    const result = this.#exchange.amend(this.#userId, orderId, change);
    if (!result.ok) {
      this.#refuse(command, result.error);
      return;
    }
    const { order, fills } = result.value;
    const matched = fills.reduce((sum, fill) => sum + fill.count, 0);
    // As it was before it matched: the fills that follow take their part off.
    const remaining = (totalCount - (order.filled - matched)) as Count;
    const { clientOrderId } = command;
    this.#deliver((atMs) => ({
      type: 'order.amended',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      price,
      remaining,
    }));
    if (order.status !== 'canceled') return;
    const reason = goneReason(order.lastUpdateReason);
    this.#gone = () =>
      this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
  }

  #decrease(command: DecreaseOrder): void {
    const { clientOrderId, orderId, ticker } = command;
    const result = this.#exchange.decrease(this.#userId, orderId, command.reduceTo);
    if (!result.ok) {
      this.#refuse(command, result.error);
      return;
    }
    const { status, price, remaining } = result.value;
    if (status === 'canceled') {
      this.#deliverRequestedCancel(clientOrderId, orderId, ticker);
      return;
    }
    this.#deliver((atMs) => ({
      type: 'order.amended',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      price,
      remaining,
    }));
  }

  #cancel(command: CancelOrder): void {
    const { clientOrderId, orderId, ticker } = command;
    const result = this.#exchange.cancel(this.#userId, orderId);
    if (result.ok) this.#deliverRequestedCancel(clientOrderId, orderId, ticker);
    else this.#refuse(command, result.error);
  }

  #refuse(command: AmendOrder | DecreaseOrder | CancelOrder, error: ExchangeError): void {
    const { clientOrderId, ticker } = command;
    const reason = cancelReason(error.code);
    this.#deliver((atMs) => ({ type: 'cancel.rejected', atMs, clientOrderId, ticker, reason }));
  }

  #deliverRequestedCancel(clientOrderId: ClientOrderId, orderId: OrderId, ticker: Ticker): void {
    const reason = 'requested';
    this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
  }
}

function messageOf({ code, details }: ExchangeError): string {
  return details === undefined ? code : `${code}: ${details}`;
}

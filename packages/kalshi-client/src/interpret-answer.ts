import {
  type AmendOrder,
  type CancelOrder,
  type Command,
  type DecreaseOrder,
  type OrderEvent,
  OrderId,
  type PlaceOrder,
  type Price,
  type Timestamp,
  WireError,
} from '@kalshi-mm/core';
import { decodeText } from './decode.ts';
import { type ExchangeError, parseExchangeError } from './exchange-error.ts';
import type { TransportAnswer } from './order-transport.ts';
import { cancelRejectReason, describe, rejectReason } from './reject-reason.ts';
import { cancelAnswer, changeAnswer, createAnswer } from './wire-order.ts';

/** What an answer proves. */
export type Outcome =
  | { readonly kind: 'settled'; readonly event: OrderEvent }
  /** It may or may not have happened: only evidence can tell. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** There is an order of this name: perhaps by an earlier sending of this very command. */
  | { readonly kind: 'duplicate'; readonly message: string }
  /** Nothing changed, and the order should be looked at: a change was refused, or a cancel did not find it. */
  | { readonly kind: 'look'; readonly message: string }
  /** The bucket was empty at the exchange; nothing was done. */
  | { readonly kind: 'rate-limited'; readonly message: string };

/**
 * Reads the answer to a command. Time-outs, resets, 5xx and answers that do not fit prove nothing.
 *
 * @param knownPrice the order's price where known: the answer to a decrease does not repeat it
 */
export function interpretAnswer(
  command: Command,
  answer: TransportAnswer,
  knownPrice: Price | null,
  atMs: Timestamp,
): Outcome {
  if (answer.kind === 'unknown') return { kind: 'unknown', message: answer.message };
  if (answer.kind === 'unsent') return unsent(command, answer.message, atMs);
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    try {
      return accepted(command, body, knownPrice, atMs);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { kind: 'unknown', message: `HTTP ${status}, but ${error.message}` };
    }
  }
  const error = parseExchangeError(status, body);
  if (status < 400 || status >= 500 || status === 408) {
    return { kind: 'unknown', message: describe(error) };
  }
  return refused(command, error, atMs);
}

function accepted(command: Command, body: string, knownPrice: Price | null, atMs: Timestamp): Outcome {
  switch (command.type) {
    case 'order.place':
      return placed(command, body, atMs);
    case 'order.cancel': {
      const wire = decodeText(cancelAnswer, body, 'answer to cancel');
      requireOrder(command, wire.order_id);
      const canceled = wire.reduced_by;
      return settled({ ...names(command), type: 'order.canceled', reason: 'requested', canceled, atMs });
    }
    case 'order.amend':
    case 'order.decrease': {
      const wire = decodeText(changeAnswer, body, `answer to ${command.type.slice(6)}`);
      requireOrder(command, wire.order_id);
      if (command.type === 'order.decrease' && wire.remaining_count === 0) {
        return settled({ ...names(command), type: 'order.canceled', reason: 'requested', atMs });
      }
      const price = command.type === 'order.amend' ? command.price : knownPrice;
      if (price === null) return { kind: 'look', message: 'decreased; its price must be read' };
      return settled({
        ...names(command),
        type: 'order.amended',
        price,
        remaining: wire.remaining_count,
        exchangeMs: wire.ts_ms,
        atMs,
      });
    }
  }
}

function placed(command: PlaceOrder, body: string, atMs: Timestamp): Outcome {
  const wire = decodeText(createAnswer, body, 'answer to create');
  if (wire.client_order_id !== null && wire.client_order_id !== command.clientOrderId) {
    throw new WireError('answer to create: client_order_id', command.clientOrderId, wire.client_order_id);
  }
  if (wire.fill_count + wire.remaining_count > command.count) {
    throw new WireError(
      'answer to create: remaining_count',
      'no more than was ordered',
      wire.remaining_count,
    );
  }
  return settled({
    type: 'order.accepted',
    clientOrderId: command.clientOrderId,
    orderId: OrderId.of(wire.order_id),
    ticker: command.ticker,
    remaining: wire.remaining_count,
    filled: wire.fill_count,
    atMs,
  });
}

function refused(command: Command, error: ExchangeError, atMs: Timestamp): Outcome {
  const message = describe(error);
  const { clientOrderId, ticker } = command;
  if (command.type === 'order.place') {
    const reason = rejectReason(error);
    if (reason === 'duplicate-client-order-id') return { kind: 'duplicate', message };
    return settled({ type: 'order.rejected', clientOrderId, ticker, reason, message, atMs });
  }
  if (error.status === 429) return { kind: 'rate-limited', message };
  if (command.type === 'order.cancel') {
    const reason = cancelRejectReason(error);
    // It does not rest. Whether it was filled decides what may be placed instead of it.
    if (reason === 'not-found') return { kind: 'look', message };
    return settled({ type: 'cancel.rejected', clientOrderId, ticker, reason, atMs });
  }
  return { kind: 'look', message };
}

function unsent(command: Command, message: string, atMs: Timestamp): Outcome {
  const { clientOrderId, ticker } = command;
  if (command.type !== 'order.place') return { kind: 'unknown', message: `not sent: ${message}` };
  return settled({
    type: 'order.rejected',
    clientOrderId,
    ticker,
    reason: 'other',
    message: `not sent: ${message}`,
    atMs,
  });
}

/** Answers have described another order than the one acted upon. */
function requireOrder(command: AmendOrder | DecreaseOrder | CancelOrder, orderId: string): void {
  if (orderId !== command.orderId) {
    throw new WireError(`answer to ${command.type.slice(6)}: order_id`, command.orderId, orderId);
  }
}

function names({ clientOrderId, orderId, ticker }: AmendOrder | DecreaseOrder | CancelOrder) {
  return { clientOrderId, orderId, ticker };
}

function settled(event: OrderEvent): Outcome {
  return { kind: 'settled', event };
}

import type { CancelRejected, RejectReason } from '@kalshi-mm/core';
import type { ExchangeError, ExchangeErrorCode, UpdateReason } from '../exchange-api.ts';

/** The exchange's refusal of an order in the engine's words. */
export function rejectReason(error: ExchangeError): RejectReason {
  if (error.details === 'post only cross') return 'post-only-cross';
  switch (error.code) {
    case 'insufficient_balance':
      return 'insufficient-balance';
    case 'invalid_price':
      return 'invalid-price';
    case 'invalid_order':
    case 'invalid_parameters':
      return 'invalid-order';
    case 'market_inactive':
      return 'market-inactive';
    case 'market_not_found':
      return 'market-not-found';
    case 'order_already_exists':
      return 'duplicate-client-order-id';
    case 'fill_or_kill_insufficient_resting_volume':
      return 'fill-or-kill-unfilled';
    case 'trading_is_paused':
      return 'trading-paused';
    case 'exchange_is_paused':
      return 'exchange-paused';
    default:
      return 'other';
  }
}

/** The exchange's refusal of a cancel, amend or decrease. */
export function cancelReason(code: ExchangeErrorCode): CancelRejected['reason'] {
  switch (code) {
    case 'not_found':
      return 'not-found';
    case 'market_inactive':
      return 'market-inactive';
    case 'exchange_is_paused':
      return 'exchange-paused';
    default:
      return 'other';
  }
}

/** Why an order went without our asking. */
export function goneReason(reason: UpdateReason | null): string {
  switch (reason) {
    case 'CloseCancel':
      return 'close';
    case 'HaltCancel':
      return 'pause';
    case 'SelfTradeCancel':
      return 'self-trade';
    case 'PostOnlyCrossCancel':
      return 'post-only-cross';
    case 'ReduceOnlyCancel':
      return 'reduce-only';
    default:
      return 'requested';
  }
}

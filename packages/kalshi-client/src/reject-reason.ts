import type { CancelRejected, RejectReason } from '@kalshi-mm/core';
import type { ExchangeError } from './exchange-error.ts';

/** Reads why an order was refused, from code and details. */
export function rejectReason(error: ExchangeError): RejectReason {
  const known = BY_CODE[error.code];
  if (known !== undefined) return known;
  const text = `${error.code} ${error.details} ${error.message}`.toLowerCase().replaceAll('_', ' ');
  if (error.code === 'invalid_order') return text.includes('post only') ? 'post-only-cross' : 'invalid-order';
  // The code of a triggered order group is not documented; any 4xx that names both is taken for it.
  if (text.includes('order group')) return 'order-group-triggered';
  if (error.status === 429) return 'rate-limited';
  if (error.status === 401 || error.status === 403) return 'permission-denied';
  if (error.status === 400) return 'invalid-order';
  return 'other';
}

/** Reads why a cancel was refused. */
export function cancelRejectReason(error: ExchangeError): CancelRejected['reason'] {
  if (error.code === 'market_inactive') return 'market-inactive';
  if (error.code === 'exchange_is_paused') return 'exchange-paused';
  if (error.status === 404) return 'not-found';
  return error.status === 429 ? 'rate-limited' : 'other';
}

/** One line for the event. */
export function describe(error: ExchangeError): string {
  const parts = [error.code, error.details === '' ? error.message : error.details];
  return `HTTP ${error.status} ${parts.filter((part) => part !== '').join(': ')}`.trim();
}

const BY_CODE: Readonly<Record<string, RejectReason>> = {
  insufficient_balance: 'insufficient-balance',
  // The account has never been funded on that shard.
  user_not_found: 'insufficient-balance',
  invalid_price: 'invalid-price',
  market_inactive: 'market-inactive',
  market_not_found: 'market-not-found',
  order_already_exists: 'duplicate-client-order-id',
  fill_or_kill_insufficient_resting_volume: 'fill-or-kill-unfilled',
  immediate_or_cancel_insufficient_resting_volume: 'fill-or-kill-unfilled',
  trading_is_paused: 'trading-paused',
  exchange_is_paused: 'exchange-paused',
  permission_denied: 'permission-denied',
  too_many_requests: 'rate-limited',
  bad_request: 'invalid-order',
  invalid_parameters: 'invalid-order',
};

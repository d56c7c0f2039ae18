import type { CancelRejected, RejectReason } from '@kalshi-mm/core';
import type { ExchangeError } from './exchange-error.ts';
import { type ExchangeReason, exchangeReason } from './exchange-reason.ts';

/** Why an order was refused, in the words of the events. */
export function rejectReason(error: ExchangeError): RejectReason {
  return REASONS[exchangeReason(error)];
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

const REASONS: Readonly<Record<ExchangeReason, RejectReason>> = {
  'bad-request': 'invalid-order',
  'invalid-parameters': 'invalid-order',
  'insufficient-balance': 'insufficient-balance',
  'shard-not-funded': 'insufficient-balance',
  'invalid-price': 'invalid-price',
  'post-only-cross': 'post-only-cross',
  'invalid-order': 'invalid-order',
  'legacy-endpoint': 'invalid-order',
  'market-inactive': 'market-inactive',
  'bad-signature': 'permission-denied',
  'unknown-key': 'permission-denied',
  'signature-missing': 'permission-denied',
  'clock-skew': 'permission-denied',
  'not-authenticated': 'permission-denied',
  'permission-denied': 'permission-denied',
  'not-found': 'other',
  'market-not-found': 'market-not-found',
  'duplicate-order': 'duplicate-client-order-id',
  'fill-or-kill-unfilled': 'fill-or-kill-unfilled',
  'immediate-unfilled': 'fill-or-kill-unfilled',
  'trading-paused': 'trading-paused',
  'exchange-paused': 'exchange-paused',
  'order-group-triggered': 'order-group-triggered',
  'rate-limited': 'rate-limited',
  unavailable: 'other',
  other: 'other',
};

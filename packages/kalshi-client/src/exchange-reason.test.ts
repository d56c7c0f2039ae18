import { describe, expect, it } from 'vitest';
import { ExchangeRequestError, parseExchangeError } from './exchange-error.ts';
import type { ExchangeReason } from './exchange-reason.ts';

/** The errors that are documented or were recorded: status, body, reason, recovery. */
const catalogue: readonly [number, unknown, ExchangeReason, string][] = [
  [400, { code: 'bad_request', details: 'json: cannot unmarshal number' }, 'bad-request', 'fix'],
  [400, { msg: 'Parameter validation failed for GetMarkets' }, 'invalid-parameters', 'fix'],
  [400, { error: { code: 'insufficient_balance' } }, 'insufficient-balance', 'fix'],
  [400, { error: { code: 'invalid_price' } }, 'invalid-price', 'fix'],
  [400, { error: { code: 'invalid_order', details: 'post only cross' } }, 'post-only-cross', 'fix'],
  [400, { error: { code: 'invalid_order', details: 'reduce_only' } }, 'invalid-order', 'fix'],
  [400, { error: 'Please switch to the V2 endpoints' }, 'legacy-endpoint', 'fix'],
  [409, { error: { code: 'MARKET_INACTIVE' } }, 'market-inactive', 'fix'],
  [401, authentication('INCORRECT_API_KEY_SIGNATURE'), 'bad-signature', 'fix'],
  [401, authentication('NOT_FOUND'), 'unknown-key', 'fix'],
  [401, { error: { code: 'signature_is_missing_from_headers' } }, 'signature-missing', 'fix'],
  [401, { error: { code: 'header_timestamp_expired' } }, 'clock-skew', 'fix'],
  [401, { error: { code: 'token_authentication_failure' } }, 'not-authenticated', 'fix'],
  [403, { error: { code: 'permission_denied' } }, 'permission-denied', 'fix'],
  [404, { error: { code: 'not_found' } }, 'not-found', 'reconcile'],
  [404, { error: { code: 'market_not_found' } }, 'market-not-found', 'fix'],
  [404, { error: { code: 'user_not_found' } }, 'shard-not-funded', 'fix'],
  [409, { error: { code: 'order_already_exists' } }, 'duplicate-order', 'reconcile'],
  [409, { error: { code: 'fill_or_kill_insufficient_resting_volume' } }, 'fill-or-kill-unfilled', 'fix'],
  [409, { error: { code: 'immediate_or_cancel_insufficient_resting_volume' } }, 'immediate-unfilled', 'fix'],
  [409, { error: { code: 'trading_is_paused' } }, 'trading-paused', 'retry'],
  [409, { error: { code: 'exchange_is_paused' } }, 'exchange-paused', 'retry'],
  [409, { error: { message: 'order group is triggered' } }, 'order-group-triggered', 'fix'],
  [429, { error: 'too many requests' }, 'rate-limited', 'retry'],
  [429, '', 'rate-limited', 'retry'],
  [500, '', 'unavailable', 'retry'],
  [502, '<html>Bad gateway</html>', 'unavailable', 'retry'],
  [503, { error: { code: 'service_unavailable' } }, 'unavailable', 'retry'],
  [418, { error: { code: 'brand_new' } }, 'other', 'fix'],
];

function authentication(details: string): object {
  return { error: { code: 'authentication_error', message: 'authentication_error', details } };
}

describe('a refusal', () => {
  it.each(catalogue)('HTTP %i %j is %s', (status, body, reason, recovery) => {
    const error = new ExchangeRequestError('GET /x', parseExchangeError(status, body));
    expect(error.reason).toBe(reason);
    expect(error.recovery).toBe(recovery);
    expect(error.message).toMatch(/\n {2}To do: .*\.$/);
  });
});

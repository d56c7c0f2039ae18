import { describe, expect, it } from 'vitest';
import { ExchangeRequestError, parseExchangeError } from './exchange-error.ts';
import { cancelRejectReason, rejectReason } from './reject-reason.ts';

describe('parseExchangeError', () => {
  const bodies: readonly [string, number, unknown, object][] = [
    [
      'nested',
      400,
      '{"error":{"code":"invalid_order","message":"invalid order","details":"post only cross"}}',
      { code: 'invalid_order', message: 'invalid order', details: 'post only cross' },
    ],
    [
      'flat',
      400,
      '{"code":"bad_request","message":"bad request","details":"json: cannot unmarshal number"}',
      { code: 'bad_request', details: 'json: cannot unmarshal number' },
    ],
    [
      'parameter validation',
      400,
      '{"msg":"Parameter validation failed for GetMarkets"}',
      { code: 'invalid_parameters', message: 'Parameter validation failed for GetMarkets' },
    ],
    ['a string', 429, '{"error":"too many requests"}', { code: 'too_many_requests' }],
    ['an object', 404, { error: { code: 'NOT_FOUND' } }, { code: 'not_found' }],
    ['empty', 500, '', { code: '', message: '', details: '' }],
    ['absent', 500, undefined, { code: '', message: '' }],
    ['HTML', 502, '<html><body>Bad Gateway</body></html>', { code: '', message: '(an HTML page)' }],
    ['damaged', 500, '{"error":', { code: '', message: '{"error":' }],
  ];
  it.each(bodies)('reads a body that is %s', (_, status, body, expected) => {
    expect(parseExchangeError(status, body)).toMatchObject({ status, ...expected });
  });
});

describe('rejectReason', () => {
  const cases: readonly [number, string, string, string][] = [
    [400, 'invalid_order', 'post only cross', 'post-only-cross'],
    [400, 'invalid_order', 'reduce only', 'invalid-order'],
    [400, 'insufficient_balance', '', 'insufficient-balance'],
    [404, 'user_not_found', '', 'insufficient-balance'],
    [400, 'invalid_price', '', 'invalid-price'],
    [409, 'MARKET_INACTIVE', '', 'market-inactive'],
    [404, 'market_not_found', '', 'market-not-found'],
    [409, 'order_already_exists', '', 'duplicate-client-order-id'],
    [409, 'fill_or_kill_insufficient_resting_volume', '', 'fill-or-kill-unfilled'],
    [409, 'trading_is_paused', '', 'trading-paused'],
    [409, 'exchange_is_paused', '', 'exchange-paused'],
    [409, 'order_group_triggered', '', 'order-group-triggered'],
    [409, 'conflict', 'Order group has been triggered', 'order-group-triggered'],
    [429, '', '', 'rate-limited'],
    [401, 'authentication_error', 'NOT_FOUND', 'permission-denied'],
    [400, 'something_new', '', 'invalid-order'],
    [409, 'something_new', '', 'other'],
  ];
  it.each(cases)('%i %s (%s) is %s', (status, code, details, expected) => {
    const error = parseExchangeError(status, { error: { code, details } });
    expect(rejectReason(error)).toBe(expected);
  });

  it('reads refused cancels', () => {
    const reason = (status: number, code: string) =>
      cancelRejectReason(parseExchangeError(status, { error: { code } }));
    expect(reason(404, 'not_found')).toBe('not-found');
    expect(reason(400, 'MARKET_INACTIVE')).toBe('market-inactive');
    expect(reason(409, 'exchange_is_paused')).toBe('exchange-paused');
    expect(reason(400, 'new')).toBe('other');
  });
});

describe('ExchangeRequestError', () => {
  it('names request, code, details and what to do', () => {
    const body = { error: { code: 'header_timestamp_expired', message: 'header timestamp expired' } };
    const error = new ExchangeRequestError('GET /portfolio/balance', parseExchangeError(401, body));
    expect(error.message).toContain(
      'GET /portfolio/balance was refused with HTTP 401: header_timestamp_expired',
    );
    expect(error.todo).toMatch(/clock/);
    expect(error.recovery).toBe('fix');
  });
});

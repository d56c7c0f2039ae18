import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalExchange } from '../local-exchange.ts';
import { answerOf, KEY_ID, KEYS, signed, startFixture, USER } from '../testing/local-client.ts';

const PATH = '/trade-api/v2/portfolio/balance';
const WALL_MS = 1_790_000_000_000;
const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');

describe('signatures over real HTTP', () => {
  let local: LocalExchange;
  beforeAll(async () => {
    ({ local } = await startFixture({
      users: [
        { userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 },
        { userId: USER, keyId: 'edwards', publicKey: edwards.publicKey, cashDollars: 0 },
      ],
    }));
  });
  afterAll(() => local.close());

  const origin = (): string => new URL(local.restUrl).origin;
  const get = async (headers: Record<string, string>, path = PATH) =>
    answerOf(await fetch(origin() + path, { headers }));
  const without = (name: string): Record<string, string> => {
    const headers: Record<string, string> = signed('GET', PATH, WALL_MS);
    delete headers[name];
    return headers;
  };
  const denied = (code: string, details?: string) => ({
    error: expect.objectContaining(details === undefined ? { code } : { code, details }),
  });

  it('accepts RSA-PSS and Ed25519', async () => {
    expect((await get(signed('GET', PATH, WALL_MS))).status).toBe(200);
    const headers = { ...signed('GET', PATH, WALL_MS, edwards.privateKey), 'KALSHI-ACCESS-KEY': 'edwards' };
    const answer = await get(headers);
    expect(answer.status).toBe(200);
    expect(answer.body.balance_dollars).toBe('1000.0000');
  });

  it.each([
    ['no headers at all', () => ({}), denied('signature_is_missing_from_headers')],
    ['no signature', () => without('KALSHI-ACCESS-SIGNATURE'), denied('signature_is_missing_from_headers')],
    ['no key id', () => without('KALSHI-ACCESS-KEY'), denied('authentication_error', 'NOT_FOUND')],
    [
      'unknown key id',
      () => ({ ...signed('GET', PATH, WALL_MS), 'KALSHI-ACCESS-KEY': 'nobody' }),
      denied('authentication_error', 'NOT_FOUND'),
    ],
    ['no timestamp', () => without('KALSHI-ACCESS-TIMESTAMP'), denied('header_timestamp_expired')],
    ['11 s late', () => signed('GET', PATH, WALL_MS - 11_000), denied('header_timestamp_expired')],
    ['11 s early', () => signed('GET', PATH, WALL_MS + 11_000), denied('header_timestamp_expired')],
    ['timestamp in seconds', () => signed('GET', PATH, WALL_MS / 1_000), denied('header_timestamp_expired')],
    [
      'another key',
      () => signed('GET', PATH, WALL_MS, strangers.privateKey),
      denied('authentication_error', 'INCORRECT_API_KEY_SIGNATURE'),
    ],
    [
      'another method',
      () => signed('POST', PATH, WALL_MS),
      denied('authentication_error', 'INCORRECT_API_KEY_SIGNATURE'),
    ],
    [
      'another path',
      () => signed('GET', '/portfolio/balance', WALL_MS),
      denied('authentication_error', 'INCORRECT_API_KEY_SIGNATURE'),
    ],
    [
      'query string signed',
      () => signed('GET', `${PATH}?subaccount=0`, WALL_MS),
      denied('authentication_error', 'INCORRECT_API_KEY_SIGNATURE'),
    ],
  ])('refuses %s', async (_name, headers, body) => {
    const answer = await get(headers());
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(body);
  });

  it.each([WALL_MS - 9_999, WALL_MS + 9_999])('accepts a stamp within ten seconds: %i', async (stamp) => {
    expect((await get(signed('GET', PATH, stamp))).status).toBe(200);
  });

  it('signs the path as it is sent, percent-encoding and all, without the query', async () => {
    const path = '/trade-api/v2/markets/A%2FB%20C';
    const answer = await get(signed('GET', path, WALL_MS), `${path}?x=1`);
    expect(answer.status).toBe(404);
    expect(answer.body.error.code).toBe('market_not_found');
  });

  it('answers public endpoints without a key, but not with a wrong one', async () => {
    expect((await get({}, '/trade-api/v2/exchange/status')).status).toBe(200);
    const wrong = signed('GET', '/elsewhere', WALL_MS);
    expect((await get(wrong, '/trade-api/v2/exchange/status')).status).toBe(401);
  });

  it('refuses an unsigned upgrade with 401', async () => {
    const socket = new WebSocket(local.wsUrl);
    const response = await new Promise<{ statusCode?: number | undefined }>((resolve, reject) => {
      socket.on('unexpected-response', (_request, answer) => resolve(answer));
      socket.on('error', reject);
    });
    expect(response.statusCode).toBe(401);
  });
});

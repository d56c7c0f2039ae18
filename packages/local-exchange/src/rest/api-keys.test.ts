import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { GOLD, houseOrder } from '../testing/fixture-world.ts';
import { call, KEY_ID, openFeed, type Signer, startFixture } from '../testing/local-client.ts';

const ORDERS = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '1',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};
const RESTRICTED = 'this API key is restricted to a single sub-account and cannot access this endpoint';

describe('API keys', () => {
  let local: LocalExchange;
  let wall: { ms: number };
  beforeAll(async () => {
    ({ local, wall } = await startFixture({ tier: 'premier' }));
  });
  afterAll(() => local.close());

  const api = async (method: string, path: string, body?: unknown, signer?: Signer) => {
    wall.ms += 1_000;
    return call(local, wall, method, path, body, signer);
  };
  const generate = async (wish: object): Promise<Signer> => {
    const { status, body } = await api('POST', '/api_keys/generate', { name: 'k', ...wish });
    expect(status, JSON.stringify(body)).toBe(201);
    return { keyId: body.api_key_id, key: createPrivateKey(body.private_key) };
  };

  it.each(['rsa', 'ed25519'])(
    'of type %s are made, work at once, and are dead when deleted',
    async (type) => {
      const signer = await generate({ name: 'new', key_type: type });
      expect(signer.key.asymmetricKeyType).toBe(type);
      expect((await api('GET', '/portfolio/balance', undefined, signer)).status).toBe(200);
      const listed = (await api('GET', '/api_keys')).body.api_keys;
      expect(listed).toContainEqual({ api_key_id: signer.keyId, name: 'new', scopes: ['read', 'write'] });
      expect(listed[0]).toEqual({ api_key_id: KEY_ID, name: KEY_ID, scopes: ['read', 'write'] });

      const feed = await openFeed(local, wall, { signer });
      feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['user_orders'] } });
      await feed.settled();
      expect((await api('POST', ORDERS, ORDER, signer)).status).toBe(201);
      await feed.until((message) => message.type === 'user_order');
      const closed = new Promise((resolve) => feed.socket.once('close', resolve));
      expect((await api('DELETE', `/api_keys/${signer.keyId}`)).status).toBe(204);
      await closed;
      const refused = await api('GET', '/portfolio/balance', undefined, signer);
      expect([refused.status, refused.body.error.details]).toEqual([401, 'NOT_FOUND']);
      await expect(openFeed(local, wall, { signer })).rejects.toThrow('401');
      expect((await api('DELETE', `/api_keys/${signer.keyId}`)).status).toBe(404);
    },
  );

  it('are taken over from the Premier level on', async () => {
    const pair = generateKeyPairSync('ed25519');
    const body = { name: 'mine', public_key: pair.publicKey.export({ type: 'spki', format: 'pem' }) };
    const made = await api('POST', '/api_keys', body);
    expect([made.status, Object.keys(made.body)]).toEqual([201, ['api_key_id']]);
    const signer = { keyId: made.body.api_key_id, key: pair.privateKey };
    expect((await api('GET', '/portfolio/balance', undefined, signer)).status).toBe(200);
    expect((await api('POST', '/api_keys', { ...body, public_key: 'none' })).status).toBe(400);
    const advanced = await startFixture();
    const refused = await call(advanced.local, advanced.wall, 'POST', '/api_keys', body);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'permission_denied']);
    await advanced.local.close();
  });

  it.each([
    ['write without read', { scopes: ['write'] }],
    ['an unknown scope', { scopes: ['read::everything'] }],
    ['no scope', { scopes: [] }],
    ['no name', { name: '' }],
    ['a subaccount that is not there', { subaccount: 5 }],
    ['an unknown type', { key_type: 'dsa' }],
  ])('are refused with %s', async (_, wish) => {
    const { status, body } = await api('POST', '/api_keys/generate', { name: 'k', ...wish });
    expect([status, body.error.code]).toEqual([400, 'invalid_parameters']);
  });

  it('may do what their scopes say and nothing else', async () => {
    const calls = {
      balance: ['GET', '/portfolio/balance'],
      orders: ['GET', '/portfolio/orders'],
      place: ['POST', ORDERS, ORDER],
      transfer: ['POST', '/portfolio/subaccounts/transfer', {}],
      generate: ['POST', '/api_keys/generate', { name: 'child', key_type: 'ed25519' }],
    } as const;
    const may = async (scopes: readonly string[]) => {
      const signer = await generate({ scopes, key_type: 'ed25519' });
      const allowed: string[] = [];
      for (const [name, [method, path, body]] of Object.entries(calls)) {
        const answer = await api(method, path, body, signer);
        if (answer.status === 403) expect(answer.body.error.code).toBe('permission_denied');
        else allowed.push(name);
      }
      // What is public stays public.
      expect((await api('GET', '/markets', undefined, signer)).status).toBe(200);
      return allowed;
    };
    expect(await may(['read'])).toEqual(['balance', 'orders']);
    expect(await may(['read', 'write'])).toEqual(Object.keys(calls));
    expect(await may(['read::portfolio_balance'])).toEqual(['balance']);
    expect(await may(['write::trade'])).toEqual(['place']);
    expect(await may(['read', 'write::trade'])).toEqual(['balance', 'orders', 'place']);
    expect(await may(['write::transfer'])).toEqual(['transfer']);
    const blind = await generate({ scopes: ['write::trade'], key_type: 'ed25519' });
    await expect(openFeed(local, wall, { signer: blind })).rejects.toThrow('403');
  });

  it('locked to a subaccount read and trade there and nowhere else', async () => {
    expect((await api('POST', '/portfolio/subaccounts', {})).body.subaccount_number).toBe(1);
    const transfer = { client_transfer_id: 'a', from_subaccount: 0, to_subaccount: 1, amount_cents: 1_000 };
    expect((await api('POST', '/portfolio/subaccounts/transfer', transfer)).status).toBe(200);
    const signer = await generate({ subaccount: 1, key_type: 'ed25519' });
    const listed = (await api('GET', '/api_keys')).body.api_keys;
    expect(listed.at(-1)).toMatchObject({ api_key_id: signer.keyId, subaccount: 1 });
    const locked = (method: string, path: string, body?: unknown) => api(method, path, body, signer);

    const main = (await api('POST', ORDERS, ORDER)).body.order_id;
    const feed = await openFeed(local, wall, { signer });
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['user_orders', 'fill'] } });
    await feed.settled();
    const placed = await locked('POST', ORDERS, ORDER);
    expect(placed.status).toBe(201);
    expect((await locked('POST', ORDERS, { ...ORDER, subaccount: 1 })).status).toBe(201);
    expect((await locked('POST', ORDERS, { ...ORDER, subaccount: 0 })).status).toBe(403);
    houseOrder(local.exchange, GOLD, 'ask', 4_600, 10_000);

    const { orders } = (await locked('GET', '/portfolio/orders')).body;
    expect(orders.map((order: any) => order.subaccount_number)).toEqual([1, 1]);
    expect((await locked('GET', '/portfolio/orders?subaccount=0')).status).toBe(403);
    expect((await locked('GET', `/portfolio/orders/${main}`)).status).toBe(404);
    expect((await locked('GET', `/portfolio/orders/${placed.body.order_id}`)).status).toBe(200);
    expect((await locked('GET', '/portfolio/positions')).body.market_positions).toMatchObject([
      { position_fp: '2.00' },
    ]);
    expect((await locked('GET', '/portfolio/fills')).body.fills).toHaveLength(2);
    expect((await locked('GET', '/portfolio/balance')).body.balance_dollars).toBe('9.0800');
    for (const [method, path, body] of [
      ['POST', '/portfolio/subaccounts/transfer', transfer],
      ['POST', '/portfolio/subaccounts', {}],
      ['GET', '/portfolio/subaccounts/balances', undefined],
      ['POST', '/portfolio/intra_exchange_instance_transfer', {}],
      ['POST', '/api_keys/generate', { name: 'k' }],
    ] as const) {
      const { status, body: answer } = await locked(method, path, body);
      expect([path, status, answer.error]).toEqual([
        path,
        403,
        { code: 'permission_denied', message: 'permission denied', details: RESTRICTED },
      ]);
    }
    await feed.settled();
    const numbers = feed.messages.map(({ msg }) => msg?.subaccount ?? msg?.subaccount_number);
    expect(new Set(numbers.filter((number) => number !== undefined))).toEqual(new Set([1]));
  });
});

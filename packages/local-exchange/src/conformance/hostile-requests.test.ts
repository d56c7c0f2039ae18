import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, PREFIX } from '../rest/endpoint.ts';
import { endpoints } from '../rest/endpoints.ts';
import { COIN, GOLD, LATER } from '../testing/fixture-world.ts';
import {
  ALICE,
  type Ask,
  BOB,
  COMMON_NAME,
  type RawAnswer,
  startTwoUsers,
  type TwoUsers,
} from '../testing/two-users.ts';

const ORDERS = '/portfolio/events/orders';
const GROUPS = '/portfolio/order_groups';
const TRANSFER = '/portfolio/intra_exchange_instance_transfer';
const UNKNOWN = 'dddddddd-0000-4000-8000-00000000dead';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '1.00',
  price: '0.4100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

let two: TwoUsers;
/** Everything that alice has been told, to be searched for what is bob's. */
const told: { readonly asked: string; readonly answer: string }[] = [];

const ask = async (method: string, path: string, how: Ask = {}): Promise<RawAnswer> => {
  const answer = await two.ask(method, path, how);
  if (how.as !== BOB) {
    const asked = `${path} ${Buffer.isBuffer(how.body) ? '' : JSON.stringify(how.body ?? '')}`;
    told.push({ asked, answer: JSON.stringify(answer.headers) + answer.text });
  }
  return answer;
};

const booksOf = (userId: string) => ({
  orders: two.local.exchange
    .orders(userId)
    .map(({ orderId, status, price, remaining }) => [orderId, status, price, remaining]),
  groups: two.local.exchange.orderGroups(userId),
  cash: two.local.exchange.balance(userId),
});

/** Status and code; `bad_request` is flat, query validation has `msg` alone. */
const verdict = ({ status, body }: RawAnswer): string =>
  `${status} ${body?.error?.code ?? body?.code ?? (body?.msg === undefined ? '' : 'validation')}`.trimEnd();

/** A refusal in one of the exchange's three shapes, and nothing beside. */
const expectRefusal = ({ status, body, text }: RawAnswer): void => {
  expect(status, text).toBeGreaterThanOrEqual(400);
  expect(status, text).toBeLessThan(500);
  const shapes = [
    { error: { code: expect.any(String), message: expect.any(String) } },
    { code: 'bad_request', message: 'bad request', details: expect.any(String) },
    { msg: expect.stringMatching(/^Parameter validation failed for /) },
  ];
  if (body?.error?.details !== undefined) Object.assign(shapes[0]!.error!, { details: expect.any(String) });
  expect(shapes).toContainEqual(body);
};

beforeAll(async () => {
  two = await startTwoUsers();
});
afterAll(() => two.close());

/** A path that would be served: bob's own orders, groups and transfers are asked for elsewhere. */
const pathOf = ({ path }: Endpoint): string =>
  path.replaceAll(/:\w+/g, (name) => (/ticker/.test(name) ? GOLD : UNKNOWN));

const signedEndpoints = endpoints.filter(({ access }) => access === 'signed');
const withBody = endpoints.filter(({ takesBody }) => takesBody === true);

describe('who may ask', () => {
  const strangers = generateKeyPairSync('ed25519');
  const KINDS: readonly [string, (endpoint: Endpoint) => Ask, string][] = [
    ['without a key', () => ({ as: null }), '401 signature_is_missing_from_headers'],
    [
      'with a signature of another key',
      () => ({ signs: { key: strangers.privateKey } }),
      '401 authentication_error',
    ],
    [
      'signed for another path',
      () => ({ signs: { path: `${PREFIX}/portfolio/elsewhere` } }),
      '401 authentication_error',
    ],
    ['signed for another method', ({ method }) => ({ signs: { method: method === 'GET' ? 'POST' : 'GET' } }), '401 authentication_error'], // biome-ignore format: table
    [
      'signed too long ago',
      () => ({ signs: { atMs: two.wall.ms - 10_001 } }),
      '401 header_timestamp_expired',
    ],
    [
      'signed in the future',
      () => ({ signs: { atMs: two.wall.ms + 10_200 } }),
      '401 header_timestamp_expired',
    ],
    [
      'with a key that nobody has',
      () => ({ headers: { 'KALSHI-ACCESS-KEY': UNKNOWN } }),
      '401 authentication_error',
    ],
    ['with bob’s key id over alice’s signature', () => ({ headers: { 'KALSHI-ACCESS-KEY': two.secrets[1]! } }), '401 authentication_error'], // biome-ignore format: table
    [
      'with a signature that is no base64',
      () => ({ headers: { 'KALSHI-ACCESS-SIGNATURE': '%%%' } }),
      '401 authentication_error',
    ],
    [
      'with a timestamp that is no number',
      () => ({ headers: { 'KALSHI-ACCESS-TIMESTAMP': '1e12' } }),
      '401 header_timestamp_expired',
    ],
  ];

  it.each(KINDS)('refuses every signed endpoint %s', async (_, how, expected) => {
    for (const endpoint of signedEndpoints) {
      const answer = await ask(endpoint.method, pathOf(endpoint), how(endpoint));
      expect([endpoint.method, endpoint.path, verdict(answer)]).toEqual([
        endpoint.method,
        endpoint.path,
        expected,
      ]);
    }
  });

  it('serves public endpoints without a key, and refuses a wrong one there too', async () => {
    for (const endpoint of endpoints.filter(({ access }) => access === 'public')) {
      const bare = await ask(endpoint.method, pathOf(endpoint), { as: null });
      expect([endpoint.path, [200, 400, 404].includes(bare.status)]).toEqual([endpoint.path, true]);
      const wrong = await ask(endpoint.method, pathOf(endpoint), { signs: { path: '/' } });
      expect([endpoint.path, verdict(wrong)]).toEqual([endpoint.path, '401 authentication_error']);
    }
  });

  it('takes an exact replay for the same request again, which its client_order_id refuses', async () => {
    const headers = two.sign('POST', PREFIX + ORDERS);
    const replay = { as: null, headers, body: { ...ORDER, client_order_id: 'replayed' } };
    expect((await ask('POST', ORDERS, replay)).status).toBe(201);
    expect(verdict(await ask('POST', ORDERS, replay))).toBe('409 order_already_exists');
    two.wall.ms += 11_000;
    expect(verdict(await ask('POST', ORDERS, replay))).toBe('401 header_timestamp_expired');
    const named = two.local.exchange
      .orders(ALICE)
      .filter(({ clientOrderId }) => clientOrderId === 'replayed');
    expect(named).toHaveLength(1);
  });
});

describe('bodies that are not what they should be', () => {
  const NOT_JSON: readonly [string, string | Buffer][] = [
    ['an open brace', '{'],
    ['half an object', '{"ticker":"X"'],
    ['a trailing comma', '{"ticker":"X",}'],
    ['two objects', '{}{}'],
    ['single quotes', "{'ticker':'X'}"],
    ['a word', 'undefined'],
    ['NaN', '{"amount":NaN}'],
    ['a NUL', '\0'],
    ['a byte order mark in UTF-16', Buffer.from('{}', 'utf16le')],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['a form', 'ticker=X&side=bid'],
    ['a hundred thousand open brackets', '['.repeat(100_000)],
  ];
  it.each(NOT_JSON)(
    'refuses %s with the flat bad_request, on every endpoint with a body',
    async (_, body) => {
      for (const endpoint of withBody) {
        const answer = await ask(endpoint.method, pathOf(endpoint), { body });
        expect([endpoint.path, verdict(answer)]).toEqual([endpoint.path, '400 bad_request']);
        expectRefusal(answer);
      }
    },
  );

  it.each(['[]', '"x"', '1', 'true', '[{}]'])('refuses %s in place of an object', async (body) => {
    for (const endpoint of withBody) {
      const answer = await ask(endpoint.method, pathOf(endpoint), { body });
      expect([endpoint.path, verdict(answer)]).toEqual([endpoint.path, '400 bad_request']);
    }
  });

  it('reads a body whatever its content-type says, or does not say', async () => {
    for (const headers of [{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/xml' }]) {
      expect((await ask('POST', ORDERS, { body: ORDER, headers })).status).toBe(201);
    }
  });

  it('answers 413 to a body that is too large, in one piece or in chunks, and keeps none of it', async () => {
    const before = two.local.exchange.orders(ALICE).length;
    const body = JSON.stringify({ ...ORDER, client_order_id: 'x'.repeat(1 << 20) });
    for (const endpoint of withBody) {
      const answer = await ask(endpoint.method, pathOf(endpoint), { body });
      expect([endpoint.path, verdict(answer)]).toEqual([endpoint.path, '413 request_too_large']);
    }
    const chunked = {
      body,
      headers: { 'transfer-encoding': 'chunked' },
    };
    expect(verdict(await ask('POST', ORDERS, chunked))).toBe('413 request_too_large');
    expect(two.local.exchange.orders(ALICE)).toHaveLength(before);
  });

  it('is not fooled by names of the language', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const answer = await ask('POST', ORDERS, { body: { ...ORDER, time_in_force: name } });
      expect([name, verdict(answer)]).toEqual([name, '400 invalid_parameters']);
      const params = await ask('GET', `/markets/${name}`);
      expect([name, verdict(params)]).toEqual([name, '404 market_not_found']);
    }
    const body = `{"__proto__":{"polluted":1},${JSON.stringify(ORDER).slice(1)}`;
    expect((await ask('POST', ORDERS, { body })).status).toBe(201);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

/** Fields of each write's body: the JSON type, and whether it must be there. */
type Fields = Readonly<Record<string, 'string' | 'int' | 'bool' | 'list' | 'string?' | 'int?' | 'bool?'>>;

const CREATE: Fields = {
  ticker: 'string',
  side: 'string',
  count: 'string',
  price: 'string',
  time_in_force: 'string',
  self_trade_prevention_type: 'string',
  client_order_id: 'string?',
  expiration_time: 'int?',
  post_only: 'bool?',
  reduce_only: 'bool?',
  cancel_order_on_pause: 'bool?',
  order_group_id: 'string?',
  subaccount: 'int?',
  exchange_index: 'int?',
};

const WRITES: readonly [method: string, path: string, body: object, fields: Fields][] = [
  ['POST', ORDERS, ORDER, CREATE],
  ['POST', `${ORDERS}/batched`, { orders: [ORDER] }, { orders: 'list' }],
  ['DELETE', `${ORDERS}/batched`, { orders: [{ order_id: UNKNOWN }] }, { orders: 'list' }],
  [
    'POST',
    `${ORDERS}/${UNKNOWN}/amend`,
    { ticker: GOLD, side: 'bid', price: '0.4200', count: '1.00' },
    {
      ticker: 'string',
      side: 'string',
      price: 'string',
      count: 'string',
      updated_client_order_id: 'string?',
      exchange_index: 'int?',
    },
  ],
  [
    'POST',
    `${ORDERS}/${UNKNOWN}/decrease`,
    { reduce_to: '1.00' },
    { reduce_to: 'string?', reduce_by: 'string?', market_ticker: 'string?', exchange_index: 'int?' },
  ],
  [
    'POST',
    `${GROUPS}/create`,
    { contracts_limit: 5 },
    { contracts_limit: 'int?', contracts_limit_fp: 'string?', subaccount: 'int?', exchange_index: 'int?' },
  ],
  [
    'POST',
    TRANSFER,
    { source: 'event_contract', destination: 'event_contract', amount: 1, destination_exchange_shard: 2 },
    {
      source: 'string',
      destination: 'string',
      amount: 'int',
      source_exchange_shard: 'int?',
      destination_exchange_shard: 'int?',
      source_subaccount: 'int?',
      destination_subaccount: 'int?',
    },
  ],
];

const VALUES: Readonly<Record<string, unknown>> = {
  string: '1.00',
  int: 1,
  bool: true,
  list: [1],
  number: 1.5,
  object: { a: 1 },
};

describe.each(WRITES)('%s %s', (method, path, body, fields) => {
  it('refuses every field of another JSON type with bad_request', async () => {
    for (const [field, type] of Object.entries(fields)) {
      for (const [other, value] of Object.entries(VALUES)) {
        if (type.startsWith(other)) continue;
        const answer = await ask(method, path, { body: { ...body, [field]: value } });
        expect([field, other, verdict(answer)]).toEqual([field, other, '400 bad_request']);
        expect(answer.body.details).toContain(field);
      }
    }
  });

  it('refuses a missing field, null included, with invalid_parameters', async () => {
    for (const [field, type] of Object.entries(fields)) {
      if (type.endsWith('?')) continue;
      for (const value of [undefined, null]) {
        const answer = await ask(method, path, { body: { ...body, [field]: value } });
        expect([field, verdict(answer)]).toEqual([field, '400 invalid_parameters']);
      }
    }
  });
});

describe('values that the exchange does not know', () => {
  const BAD: readonly [change: object, verdict: string][] = [
    [{ ticker: 'NOPE' }, '404 market_not_found'],
    [{ ticker: '' }, '404 market_not_found'],
    [{ ticker: `${GOLD} ` }, '404 market_not_found'],
    [{ ticker: GOLD.toLowerCase() }, '404 market_not_found'],
    [{ ticker: '../markets' }, '404 market_not_found'],
    [{ ticker: LATER }, '409 market_inactive'],
    [{ side: 'yes' }, '400 invalid_parameters'],
    [{ side: 'BID' }, '400 invalid_parameters'],
    [{ side: '' }, '400 invalid_parameters'],
    [{ time_in_force: 'GTT' }, '400 invalid_parameters'],
    [{ self_trade_prevention_type: 'none' }, '400 invalid_parameters'],
    ...['0.4150', '0.4101', '0', '0.0000', '1', '1.0000', '-0.4', '+0.4', '.4', '0,4', '4.1e-1', '41', '', ' 0.41', 'NaN', '0.41000001', '٠.٤١'].map((price) => [{ price }, '400 invalid_price'] as [object, string]), // biome-ignore format: table
    [{ ticker: COIN, price: '0.4110' }, '400 invalid_price'],
    ...['0', '0.00', '-1', '1.001', '1e3', 'Infinity', '', ' 1', '0x10', '9'.repeat(40)].map((count) => [{ count }, '400 invalid_parameters'] as [object, string]), // biome-ignore format: table
    [{ count: '9000.00' }, '400 insufficient_balance'],
    [{ count: '99999999.00' }, '400 invalid_order'],
    [{ client_order_id: 'with.dot' }, '400 invalid_parameters'],
    [{ client_order_id: 'x'.repeat(129) }, '400 invalid_parameters'],
    [{ client_order_id: "'; drop table orders" }, '400 invalid_parameters'],
    [{ expiration_time: -1 }, '400 invalid_parameters'],
    [{ expiration_time: 1_791_208_800_000 }, '400 invalid_parameters'],
    [{ expiration_time: 2_000_000_000, time_in_force: 'fill_or_kill' }, '400 invalid_order'],
    [{ post_only: true, time_in_force: 'immediate_or_cancel' }, '400 invalid_order'],
    [{ post_only: true, price: '0.6000' }, '400 invalid_order'],
    [{ reduce_only: true }, '400 invalid_order'],
    [{ exchange_index: 2 }, '404 market_not_found'],
    [{ exchange_index: 99 }, '404 market_not_found'],
    [
      { time_in_force: 'fill_or_kill', price: '0.5500', count: '500.00' },
      '409 fill_or_kill_insufficient_resting_volume',
    ],
    [{ order_group_id: UNKNOWN }, '404 not_found'],
  ];

  it.each(BAD)('a new order with %o answers %s, alone and in a batch', async (change, expected) => {
    const wanted = { ...ORDER, ...change };
    const alone = await ask('POST', ORDERS, { body: wanted });
    expect(verdict(alone)).toBe(expected);
    expectRefusal(alone);
    const batch = await ask('POST', `${ORDERS}/batched`, { body: { orders: [wanted] } });
    expect(batch.status).toBe(201);
    expect(batch.body.orders).toHaveLength(1);
    expect(batch.body.orders[0].error).toEqual(alone.body.error);
    expect(batch.body.orders[0]).not.toHaveProperty('order_id');
  });

  it.each<[string, string, object | undefined, string]>([
    ['POST', `${GROUPS}/create`, {}, '400 invalid_parameters'],
    ['POST', `${GROUPS}/create`, { contracts_limit: 0 }, '400 invalid_parameters'],
    ['POST', `${GROUPS}/create`, { contracts_limit: 1e7 }, '400 invalid_parameters'],
    [
      'POST',
      `${GROUPS}/create`,
      { contracts_limit: 1, contracts_limit_fp: '1.00' },
      '400 invalid_parameters',
    ],
    ['PUT', `${GROUPS}/${UNKNOWN}/reset`, {}, '404 not_found'],
    ['PUT', `${GROUPS}/${UNKNOWN}/trigger`, {}, '404 not_found'],
    ['PUT', `${GROUPS}/${UNKNOWN}/limit`, { contracts_limit: 1 }, '404 not_found'],
    ['DELETE', `${GROUPS}/${UNKNOWN}`, undefined, '404 not_found'],
    [
      'POST',
      TRANSFER,
      { source: 'margin', destination: 'event_contract', amount: 1 },
      '400 invalid_parameters',
    ],
    [
      'POST',
      TRANSFER,
      { source: 'event_contract', destination: 'event_contract', amount: -5 },
      '400 invalid_parameters',
    ],
    [
      'POST',
      TRANSFER,
      { source: 'event_contract', destination: 'event_contract', amount: 0 },
      '400 invalid_parameters',
    ],
    [
      'POST',
      `${ORDERS}/${UNKNOWN}/decrease`,
      { reduce_by: '1.00', reduce_to: '1.00' },
      '400 invalid_parameters',
    ],
    ['POST', `${ORDERS}/${UNKNOWN}/decrease`, {}, '400 invalid_parameters'],
    ['GET', '/markets?limit=1001', undefined, '400 validation'],
    ['GET', '/markets?limit=-1', undefined, '400 validation'],
    ['GET', '/markets?limit=ten', undefined, '400 validation'],
    ['GET', '/markets?status=asleep', undefined, '400 validation'],
    ['GET', '/markets?min_close_ts=now', undefined, '400 validation'],
    ['GET', '/portfolio/orders?status=asleep', undefined, '400 validation'],
    ['GET', '/portfolio/fills?limit=1e2', undefined, '400 validation'],
    ['GET', '/portfolio/positions?count_filter=position,size', undefined, '400 validation'],
    ['DELETE', `${ORDERS}/${UNKNOWN}?exchange_index=one`, undefined, '400 validation'],
    ['GET', '/portfolio/orders/queue_positions', undefined, '400 invalid_parameters'],
    ['GET', `/markets/${GOLD}/orderbook?depth=101`, undefined, '400 validation'],
    ['GET', '/markets/candlesticks', undefined, '400 validation'],
  ])('%s %s with %o answers %s', async (method, path, body, expected) => {
    const answer = await ask(method, path, body === undefined ? {} : { body });
    expect(verdict(answer)).toBe(expected);
    expectRefusal(answer);
  });

  it('serves nothing else: other methods, other paths, and ways around the prefix', async () => {
    for (const [method, path] of [
      ['PATCH', ORDERS],
      ['PUT', '/markets'],
      ['DELETE', '/portfolio/balance'],
      ['GET', '/portfolio/orders/a/b/c'],
      ['POST', '/portfolio/orders'],
    ] as const) {
      expect([path, verdict(await ask(method, path))]).toEqual([path, '501 not_implemented']);
    }
    for (const path of [
      '/trade-api/v3/markets',
      '/trade-api/v2/../../etc/passwd',
      '/trade-api/',
      '/trade-api%2fv2/markets',
    ]) {
      const answer = await ask('GET', path);
      expect([path, answer.status >= 400 && answer.status !== 500]).toEqual([path, true]);
      expect(answer.text).not.toContain('root:');
    }
    // A path that normalises to another is signed as it is sent, and means what it normalises to.
    const dotted = await ask('GET', '/trade-api/v2/portfolio/../markets/%2e%2e/portfolio/orders', {
      as: null,
    });
    expect([401, 404, 501]).toContain(dotted.status);
    for (const ticker of [
      '%2e%2e%2f%2e%2e',
      'a%00b',
      '%ff',
      '%',
      '%E0%A4%A',
      encodeURIComponent('../../x'),
    ]) {
      const answer = await ask('GET', `/markets/${ticker}`);
      expect([ticker, verdict(answer)]).toEqual([ticker, '404 market_not_found']);
    }
  });
});

describe('what belongs to bob', () => {
  /** Each way in which alice can name something by its id. */
  const WAYS: readonly [string, (id: string) => [string, string, object?], keyof TwoUsers['theirs']][] = [
    ['read an order', (id) => ['GET', `/portfolio/orders/${id}`], 'orderId'],
    ['read a filled order', (id) => ['GET', `/portfolio/orders/${id}`], 'fillOrderId'],
    ['read its queue position', (id) => ['GET', `/portfolio/orders/${id}/queue_position`], 'orderId'],
    ['cancel', (id) => ['DELETE', `${ORDERS}/${id}?market_ticker=${GOLD}`], 'orderId'],
    ['cancel in a batch', (id) => ['DELETE', `${ORDERS}/batched`, { orders: [{ order_id: id, market_ticker: GOLD }] }], 'orderId'],
    ['amend', (id) => ['POST', `${ORDERS}/${id}/amend`, { ticker: GOLD, side: 'bid', price: '0.4300', count: '1.00' }], 'orderId'],
    ['decrease', (id) => ['POST', `${ORDERS}/${id}/decrease`, { reduce_to: '0', market_ticker: GOLD }], 'orderId'],
    ['filter fills by order', (id) => ['GET', `/portfolio/fills?order_id=${id}`], 'fillOrderId'],
    ['start a page of orders there', (id) => ['GET', `/portfolio/orders?cursor=${Buffer.from(id).toString('base64url')}`], 'orderId'],
    ['read a group', (id) => ['GET', `${GROUPS}/${id}`], 'groupId'],
    ['reset a group', (id) => ['PUT', `${GROUPS}/${id}/reset`, {}], 'groupId'],
    ['trigger a group', (id) => ['PUT', `${GROUPS}/${id}/trigger`, {}], 'groupId'],
    ['set a group’s limit', (id) => ['PUT', `${GROUPS}/${id}/limit`, { contracts_limit: 1 }], 'groupId'],
    ['delete a group', (id) => ['DELETE', `${GROUPS}/${id}`], 'groupId'],
    ['place into a group', (id) => ['POST', ORDERS, { ...ORDER, order_group_id: id }], 'groupId'],
    ['read a transfer', (id) => ['GET', `${TRANSFER}s/${id}`], 'transferId'],
  ]; // biome-ignore format: table

  it.each(WAYS)('%s: answers alice exactly as if it did not exist', async (_, way, kind) => {
    const before = booksOf(BOB);
    const send = async (id: string) => {
      const [method, path, body] = way(id);
      const { status, text } = await ask(method, path, body === undefined ? {} : { body });
      return [status, text.replaceAll(id, 'ID')];
    };
    expect(await send(two.theirs[kind])).toEqual(await send(UNKNOWN));
    expect(booksOf(BOB)).toEqual(before);
  });

  it('lets alice reuse bob’s client_order_id, which is unique to each account', async () => {
    const body = { ...ORDER, client_order_id: COMMON_NAME };
    expect(two.local.exchange.orders(BOB).map(({ clientOrderId }) => clientOrderId)).toContain(COMMON_NAME);
    expect((await ask('POST', ORDERS, { body })).status).toBe(201);
    expect(verdict(await ask('POST', ORDERS, { body }))).toBe('409 order_already_exists');
  });

  it('shows bob his own', async () => {
    const read = await ask('GET', `/portfolio/orders/${two.theirs.orderId}`, { as: BOB });
    expect(read.body.order).toMatchObject({ user_id: BOB, status: 'resting' });
  });
});

describe('anything at all', () => {
  const json = fc.json({ maxDepth: 3 });
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(
      null,
      '0.4100',
      '1.00',
      'bid',
      'ask',
      GOLD,
      COIN,
      'good_till_canceled',
      -1,
      2 ** 53,
      1e308,
    ),
  );

  it('as a body, answers with success or a documented refusal', async () => {
    const bent = fc
      .tuple(fc.constantFrom(...WRITES), fc.string(), scalar)
      .chain(([[method, path, body, fields], extra, value]) =>
        fc
          .constantFrom(...Object.keys(fields), extra)
          .map((field) => [method, path, JSON.stringify({ ...body, [field]: value })] as const),
      );
    const whole = fc
      .tuple(fc.constantFrom(...withBody), json)
      .map(([at, body]) => [at.method, pathOf(at), body] as const);
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: bent }, whole), async ([method, path, body]) => {
        const answer = await ask(method, path, { body });
        if (answer.status >= 300) expectRefusal(answer);
      }),
      { numRuns: 600, seed: 11 },
    );
  });

  it('as a query or a path, answers with success or a documented refusal', async () => {
    const NAMES = [
      'limit',
      'cursor',
      'status',
      'tickers',
      'ticker',
      'event_ticker',
      'min_ts',
      'max_ts',
      'depth',
      'subaccount',
    ];
    const names = [
      ...NAMES,
      'exchange_index',
      'market_tickers',
      'period_interval',
      'start_ts',
      'end_ts',
      'order_id',
    ];
    const reads = endpoints.filter(({ method }) => method === 'GET');
    const query = fc.array(fc.tuple(fc.constantFrom(...names), scalar), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...reads), query, fc.string(), async (endpoint, pairs, id) => {
        const path = endpoint.path.replaceAll(/:\w+/g, () => encodeURIComponent(id.toWellFormed()) || 'x');
        const search = new URLSearchParams(
          pairs.map(([name, value]): [string, string] => [name, String(value)]),
        );
        const answer = await ask('GET', `${path}?${search}`);
        if (answer.status >= 300 && answer.status !== 501) expectRefusal(answer);
      }),
      { numRuns: 600, seed: 12 },
    );
  });
});

describe('after all that', () => {
  it('nothing of bob’s has ever been told to alice', () => {
    expect(told.length).toBeGreaterThan(2_000);
    const leaks = told.flatMap(({ asked, answer }) =>
      two.secrets
        .filter((secret) => answer.includes(secret) && !asked.includes(secret))
        .map((secret) => [secret, asked]),
    );
    expect(leaks).toEqual([]);
    // The search finds what is there.
    expect(told.some(({ answer }) => answer.includes(ALICE))).toBe(true);
  });

  it('the server answers, and independent bookkeeping agrees with its books', async () => {
    expect((await ask('GET', '/exchange/status')).status).toBe(200);
    expect((await ask('GET', '/portfolio/balance')).status).toBe(200);
    two.audit();
    const [resting] = two.local.exchange.orders(BOB).filter(({ status }) => status === 'resting');
    expect(resting!.orderId).toBe(two.theirs.orderId);
  });
});

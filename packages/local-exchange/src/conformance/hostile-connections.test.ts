import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_ERRORS } from '../feed/feed-error.ts';
import { CHANNELS } from '../feed/subscription.ts';
import { PREFIX } from '../rest/endpoint.ts';
import { COIN, GOLD, LATER } from '../testing/fixture-world.ts';
import { ALICE, BOB, startTwoUsers, type TwoUsers } from '../testing/two-users.ts';
import { marketId } from '../wire/market-id.ts';

const ORDERS = `${PREFIX}/portfolio/events/orders`;
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '1.00',
  price: '0.4100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

let two: TwoUsers;
beforeAll(async () => {
  two = await startTwoUsers({
    http: { headersWithinMs: 300, requestWithinMs: 400 },
    feed: { pingEveryMs: 20, maxCommandsPerSecond: 200, maxMarkets: 5 },
  });
});
afterAll(() => two.close());

/** A connection of one's own, and everything that comes back on it until it is closed. */
function dial(): { socket: Socket; ended: Promise<string> } {
  const socket = connect(two.local.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  // A reset is an end as well.
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(text));
  });
  return { socket, ended };
}

const headersOf = (fields: Readonly<Record<string, string | number>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

const post = (more: Readonly<Record<string, string | number>>): string =>
  `POST ${ORDERS} HTTP/1.1\r\n${headersOf({ host: 'x', ...two.sign('POST', ORDERS), ...more })}\r\n`;

async function expectAlive(orders: number): Promise<void> {
  const { status } = await two.ask('GET', '/exchange/status', { as: null });
  expect(status).toBe(200);
  expect(two.local.exchange.orders(ALICE)).toHaveLength(orders);
  two.audit();
}

describe('connections that behave badly', () => {
  const ended = async (send: (socket: Socket) => void): Promise<string> => {
    const { socket, ended } = dial();
    send(socket);
    return ended;
  };

  it.each<[string, () => string, RegExp]>([
    ['says nothing at all', () => '', /^(HTTP\/1\.1 408 |$)/],
    ['stops inside the request line', () => 'GET /trade-api', /^HTTP\/1\.1 408 /],
    ['stops inside the headers', () => `GET ${PREFIX}/markets HTTP/1.1\r\nhost: x\r\nx-slow: `, /^HTTP\/1\.1 408 /],
    ['stops inside a body of known length', () => `${post({ 'content-length': 200 })}{"ticker":`, /^HTTP\/1\.1 408 /],
    ['stops inside a chunk', () => `${post({ 'transfer-encoding': 'chunked' })}80\r\n{"ticker":`, /^HTTP\/1\.1 408 /],
    ['speaks no HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['has a version of its own', () => `GET ${PREFIX}/markets HTTP/9.9\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['sends a chunk of no size', () => `${post({ 'transfer-encoding': 'chunked' })}zz\r\n{}\r\n`, /^HTTP\/1\.1 400 /],
    ['gives two lengths', () => post({ 'content-length': 2, 'Content-Length ': 3 }), /^HTTP\/1\.1 400 /],
    ['gives a length and chunks', () => `${post({ 'content-length': 2, 'transfer-encoding': 'chunked' })}0\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['has headers without end', () => `GET ${PREFIX}/markets HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['has an address without end', () => `GET ${PREFIX}/markets?tickers=${'y'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['names no host', () => `GET ${PREFIX}/markets HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['names a host that is none', () => `GET ${PREFIX}/markets HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['asks for another protocol', () => `GET ${PREFIX}/markets HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`, /^HTTP\/1\.1 404 /],
    ['wants a tunnel', () => 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n', /^$/],
  ])('one that %s is ended, and nothing is carried out', async (_, text, answer) => {
    const orders = two.local.exchange.orders(ALICE).length;
    expect(await ended((socket) => socket.write(text()))).toMatch(answer);
    await expectAlive(orders);
    // A connection that is never ended fails here.
  }, 10_000); // biome-ignore format: table

  it('one that is cut inside the body leaves no order behind', async () => {
    const orders = two.local.exchange.orders(ALICE).length;
    const body = JSON.stringify(ORDER);
    for (const cut of ['destroy', 'resetAndDestroy'] as const) {
      for (const head of [
        post({ 'content-length': body.length }),
        post({ 'transfer-encoding': 'chunked' }),
      ]) {
        await ended((socket) => socket.write(head + body.slice(0, -1), () => socket[cut]()));
      }
    }
    await expectAlive(orders);
  });

  it('fifty half-open ones at once keep nobody else waiting', async () => {
    const orders = two.local.exchange.orders(ALICE).length;
    const slow = Array.from({ length: 50 }, () =>
      ended((socket) => socket.write(`POST ${ORDERS} HTTP/1.1\r\n`)),
    );
    await expectAlive(orders);
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('two requests in one go are answered in order, the second by its own signature', async () => {
    const read = (as: typeof ALICE | typeof BOB, more: string): string =>
      `GET ${PREFIX}/portfolio/orders HTTP/1.1\r\n${headersOf({ host: 'x', ...two.sign('GET', `${PREFIX}/portfolio/orders`, as) })}${more}\r\n`;
    const text = await ended((socket) => socket.write(read(BOB, '') + read(ALICE, 'connection: close\r\n')));
    const [first, second] = text.split(/(?=HTTP\/1\.1 )/);
    expect(first).toContain(BOB);
    expect(second).toContain(`"user_id":"${ALICE}"`);
    for (const secret of two.secrets) expect(second).not.toContain(secret);
  });
});

interface Client {
  readonly socket: WebSocket;
  readonly frames: string[];
  readonly closed: Promise<number>;
  /** The answer to a frame that is sent as it stands. */
  answer(frame: string | Buffer): Promise<unknown>;
  /** The frame with an id that `frame` asks for. */
  until(id: number, frame: string): Promise<any>;
}

async function open(as: typeof ALICE | typeof BOB = ALICE, autoPong = true, at = two): Promise<Client> {
  const { pathname } = new URL(at.local.wsUrl);
  const socket = new WebSocket(at.local.wsUrl, { autoPong, headers: at.sign('GET', pathname, as) });
  const frames: string[] = [];
  let heard = (): void => {};
  socket.on('message', (data) => {
    frames.push(String(data));
    heard();
  });
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => resolve(code));
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    socket,
    frames,
    closed,
    until: (id, frame) =>
      new Promise((resolve) => {
        heard = () => {
          const last = JSON.parse(frames.at(-1)!);
          if (last.id === id) resolve(last);
        };
        socket.send(frame);
      }),
    answer: (frame) =>
      new Promise((resolve) => {
        const at = frames.length;
        heard = () => {
          if (frames.length > at) resolve(JSON.parse(frames[at]!));
        };
        socket.send(frame);
      }),
  };
}

const command = (cmd: unknown, params?: unknown): string => JSON.stringify({ id: 7, cmd, params });
const book = { channels: ['orderbook_delta'], market_tickers: [GOLD] };

describe('frames that the feed cannot follow', () => {
  const BAD: readonly [string, string | Buffer, number][] = [
    ['no JSON', '{', 1],
    ['nothing', '', 1],
    ['a number', '7', 1],
    ['null', 'null', 1],
    ['a list', '[{"id":7,"cmd":"list_subscriptions"}]', 1],
    ['a text', '"subscribe"', 1],
    ['brackets without end', '['.repeat(200_000), 1],
    ['a binary frame', Buffer.from(command('list_subscriptions')), 1],
    ['no command', '{"id":7}', 5],
    ['an unknown command', command('place_order', {}), 5],
    ['a command that is no text', command(5, {}), 5],
    ['a name of the language', command('__proto__', {}), 5],
    ['no params', command('subscribe'), 2],
    ['params that are a list', command('subscribe', []), 2],
    ['no channels', command('subscribe', {}), 3],
    ['channels that are no list', command('subscribe', { channels: 'trade' }), 3],
    ['an unknown channel', command('subscribe', { channels: ['trade', 'secrets'] }), 8],
    ['a channel that is no text', command('subscribe', { channels: [{}] }), 8],
    ['a retired channel', command('subscribe', { channels: ['ticker_v2'] }), 8],
    ['a book without markets', command('subscribe', { channels: ['orderbook_delta'] }), 14],
    ['a market that is no text', command('subscribe', { ...book, market_tickers: [5] }), 11],
    ['markets that are no list', command('subscribe', { ...book, market_tickers: GOLD }), 11],
    ['an unknown market', command('subscribe', { ...book, market_tickers: ['NOPE'] }), 11],
    ['one market and several', command('subscribe', { ...book, market_ticker: GOLD }), 11],
    ['a flag that is none', command('subscribe', { ...book, use_yes_price: 'yes' }), 11],
    ['too many markets', command('subscribe', { channels: ['orderbook_delta', 'trade'], market_tickers: [GOLD, COIN, LATER] }), 26],
    ['no sids', command('unsubscribe', {}), 4],
    ['an empty list of sids', command('unsubscribe', { sids: [] }), 4],
    ['sids of another type', command('unsubscribe', { sids: ['1'] }), 11],
    ['an unknown sid', command('unsubscribe', { sids: [99] }), 7],
    ['an update of two', command('update_subscription', { sids: [1, 2], action: 'add_markets', market_tickers: [GOLD] }), 12],
    ['an update of none', command('update_subscription', { action: 'add_markets', market_tickers: [GOLD] }), 12],
    ['an update without action', command('update_subscription', { sid: 1, market_tickers: [GOLD] }), 15],
    ['an unknown action', command('update_subscription', { sid: 1, action: 'explode', market_tickers: [GOLD] }), 13],
    ['an update without markets', command('update_subscription', { sid: 1, action: 'add_markets' }), 14],
    ['an update of an unknown sid', command('update_subscription', { sid: 99, action: 'add_markets', market_tickers: [GOLD] }), 7],
  ]; // biome-ignore format: table

  it('get the documented error, one each, and the connection lives on', async () => {
    const client = await open();
    for (const [name, frame, code] of BAD) {
      const answer = (await client.answer(frame)) as { msg: { code: number } };
      expect([name, answer]).toEqual([name, { ...answer, type: 'error', msg: { ...answer.msg, code } }]);
      expect(typeof (answer.msg as { msg?: unknown }).msg).toBe('string');
    }
    expect(client.frames).toHaveLength(BAD.length);
    expect(await client.answer(command('list_subscriptions'))).toEqual({ id: 7, type: 'ok', msg: [] });
    client.socket.close();
    await client.closed;
    await expectAlive(two.local.exchange.orders(ALICE).length);
  });

  it('add up: markets beyond what one connection may name get error 26, and nothing is added', async () => {
    const client = await open();
    for (const channel of ['trade', 'ticker']) {
      await client.answer(command('subscribe', { channels: [channel], market_tickers: [GOLD, COIN] }));
    }
    const more = { sid: 1, action: 'add_markets', market_tickers: [LATER] };
    expect(await client.answer(command('update_subscription', more))).toMatchObject({ type: 'ok' });
    const over = { channels: ['fill'], market_tickers: [GOLD] };
    expect(await client.answer(command('subscribe', over))).toMatchObject({
      type: 'error',
      id: 7,
      msg: { code: 26 },
    });
    const listed = (await client.answer(command('list_subscriptions'))) as { msg: unknown[] };
    expect(listed.msg).toHaveLength(2);
    client.socket.close();
    await client.closed;
  });

  it('in a flood get error 27 beyond the allowed number, until the next second', async () => {
    const client = await open();
    const answered = new Promise<void>((resolve) => {
      client.socket.on('message', () => {
        if (client.frames.length === 300) resolve();
      });
    });
    for (let sent = 0; sent < 300; sent++) client.socket.send(command('list_subscriptions'));
    await answered;
    const codes = client.frames.map((frame) => JSON.parse(frame).msg.code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(200);
    expect(codes.slice(200)).toEqual(Array.from({ length: 100 }, () => 27));
    two.wall.ms += 1_000;
    expect(await client.answer(command('list_subscriptions'))).toMatchObject({ type: 'ok' });
    client.socket.close();
    await client.closed;
  });

  it('whose answers nobody reads end the connection', async () => {
    const small = await startTwoUsers({ feed: { maxBufferedBytes: 100_000, pingEveryMs: 600_000 } });
    const client = await open(ALICE, true, small);
    const many = Array.from({ length: 400 }, () => 'fill');
    await client.answer(command('subscribe', { channels: many }));
    client.socket.pause();
    const gone = new Promise((resolve) => {
      const send = (): void => {
        if (client.socket.readyState !== WebSocket.OPEN) return;
        client.socket.send(command('list_subscriptions'), (error) => error != null && resolve(null));
        setImmediate(send);
      };
      client.socket.on('close', resolve);
      send();
    });
    await gone;
    small.audit();
    await small.close();
  });

  it('of more than a mebibyte end the connection with 1009', async () => {
    const client = await open();
    client.socket.send('x'.repeat((1 << 20) + 1));
    expect(await client.closed).toBe(1009);
    await expectAlive(two.local.exchange.orders(ALICE).length);
  });

  it('that are no frames end the connection', async () => {
    const { pathname } = new URL(two.local.wsUrl);
    const { socket, ended } = dial();
    const upgrade = {
      host: 'x',
      ...two.sign('GET', pathname),
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': 13,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    socket.write(`GET ${pathname} HTTP/1.1\r\n${headersOf(upgrade)}\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    // An unmasked frame: no client may send one.
    socket.write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    expect(await ended).toMatch(/^HTTP\/1\.1 101 /);
    await expectAlive(two.local.exchange.orders(ALICE).length);
  });

  it('that never come: a client that answers no ping is dropped', async () => {
    const client = await open(ALICE, false);
    two.wall.ms += 31_000;
    expect(await client.closed).toBe(1006);
  });

  it.each([
    ['without a key', () => ({}), 401],
    ['signed for REST', () => two.sign('GET', `${PREFIX}/portfolio/balance`), 401],
    ['signed with another method', () => two.sign('POST', '/trade-api/ws/v2'), 401],
  ])('an upgrade %s is refused', async (_, headers, status) => {
    const socket = new WebSocket(two.local.wsUrl, { headers: headers() });
    const code = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(code).toBe(status);
  });
});

describe('any commands at all', () => {
  const junk = fc.oneof(
    fc.constantFrom(null, '', 0, -1, 1.5, {}, [], [null], true),
    fc.string(),
    fc.integer(),
  );
  const mostly = <T>(sane: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 5, arbitrary: sane as fc.Arbitrary<unknown> }, junk);
  const someOf = (...names: unknown[]) => mostly(fc.subarray(names, { minLength: 1 }));
  const market = fc.constantFrom(GOLD, COIN, LATER, 'NOPE');
  const flag = mostly(fc.boolean());
  const params = fc.record(
    {
      channels: someOf(...CHANNELS, 'secrets'),
      sid: mostly(fc.nat(6)),
      sids: mostly(fc.array(fc.nat(6), { maxLength: 2 })),
      action: mostly(
        fc.constantFrom('add_markets', 'delete_markets', 'get_snapshot', 'subscribe_indices', 'indexlist'),
      ),
      market_ticker: mostly(market),
      market_tickers: someOf(GOLD, COIN, LATER),
      market_ids: someOf(marketId(GOLD), marketId(COIN), 'nobody'),
      index_ids: someOf('BRTI', 'all'),
      use_yes_price: flag,
      skip_ticker_ack: flag,
      send_initial_snapshot: flag,
      shard_factor: mostly(fc.integer({ min: -1, max: 101 })),
    },
    { requiredKeys: [] },
  );
  const cmd = fc.constantFrom(
    'subscribe',
    'subscribe',
    'update_subscription',
    'unsubscribe',
    'list_subscriptions',
  );

  it('are answered, each with its id, in the documented words, and what is subscribed is what is listed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cmd, mostly(params)), { maxLength: 40 }), async (commands) => {
        two.wall.ms += 1_000;
        const client = await open();
        for (const [n, [name, given]] of commands.entries()) {
          client.socket.send(JSON.stringify({ id: n + 1, cmd: name, params: given }));
        }
        const end = commands.length + 1;
        const listed = await client.until(end, JSON.stringify({ id: end, cmd: 'list_subscriptions' }));
        const frames = client.frames.map((frame) => JSON.parse(frame));
        const live = new Map<number, string>();
        for (const { type, sid, msg } of frames) {
          if (type === 'subscribed') live.set(msg.sid, msg.channel);
          if (type === 'unsubscribed') live.delete(sid);
          if (type === 'error') expect(FEED_ERRORS).toHaveProperty(String(msg.code), msg.msg);
        }
        expect(listed.msg).toEqual([...live].map(([sid, channel]) => ({ channel, sid })));
        // A snapshot on request may be all the answer that there is.
        const answered = new Set(frames.map(({ id }) => id));
        for (let id = 1; id <= end; id++) expect(answered).toContain(id);
        client.socket.close();
        await client.closed;
      }),
      { numRuns: 60, seed: 13 },
    );
    await expectAlive(two.local.exchange.orders(ALICE).length);
  });
});

describe('while bob trades', () => {
  it('no frame to alice, on any channel, has anything of his', async () => {
    const CHANNELS = [
      'fill',
      'user_orders',
      'market_positions',
      'order_group_updates',
      'market_lifecycle_v2',
      'trade',
      'ticker',
    ];
    const [alice, bob] = [await open(ALICE), await open(BOB)];
    for (const client of [alice, bob]) {
      client.socket.send(command('subscribe', { channels: CHANNELS }));
      client.socket.send(command('subscribe', book));
    }
    await alice.answer(command('list_subscriptions'));
    await bob.answer(command('list_subscriptions'));
    const body = {
      ...ORDER,
      client_order_id: 'bobs-own-name',
      order_group_id: two.theirs.groupId,
      post_only: true,
    };
    const placed = await two.ask('POST', ORDERS, { as: BOB, body });
    expect(placed.status).toBe(201);
    await two.ask('POST', ORDERS, {
      as: BOB,
      body: { ...ORDER, price: '0.5500', time_in_force: 'immediate_or_cancel' },
    });
    await two.ask('PUT', `/portfolio/order_groups/${two.theirs.groupId}/trigger`, { as: BOB, body: {} });
    two.local.turn();
    const end = JSON.stringify({ id: 99, cmd: 'list_subscriptions' });
    const settled = (client: Client): Promise<void> =>
      new Promise((resolve) => {
        client.socket.on('message', (data) => {
          if (String(data).includes('"id":99')) resolve();
        });
        client.socket.send(end);
      });
    await Promise.all([settled(alice), settled(bob)]);
    const secrets = [...two.secrets, 'bobs-own-name', placed.body.order_id as string];
    expect(alice.frames.filter((frame) => secrets.some((secret) => frame.includes(secret)))).toEqual([]);
    // It did happen, and both saw its public side.
    const seen = (client: Client) => new Set(client.frames.map((frame) => JSON.parse(frame).type as string));
    for (const type of ['orderbook_delta', 'trade']) expect(seen(alice)).toContain(type);
    for (const type of ['fill', 'user_order', 'market_position', 'order_group_updates']) {
      expect(seen(bob)).toContain(type);
      expect(seen(alice)).not.toContain(type);
    }
    expect(bob.frames.some((frame) => frame.includes('bobs-own-name'))).toBe(true);
    alice.socket.close();
    bob.socket.close();
    await Promise.all([alice.closed, bob.closed]);
    two.audit();
  });
});

import { type Clock, type MmError, Ticker, Timestamp } from '@kalshi-mm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFeed, type Feed } from './feed.ts';
import type { FeedOptions, LifecycleNotice } from './feed-options.ts';
import { EventLog } from './testing/event-log.ts';
import { FeedServer } from './testing/feed-server.ts';

const A = Ticker.of('KXTEST-A');
const B = Ticker.of('KXTEST-B');
const clock: Clock = { now: () => Timestamp.of(Date.now()) };

let server: FeedServer;
let log: EventLog;
let feed: Feed;
const notices: LifecycleNotice[] = [];
const missed: string[] = [];

function connect(options: Partial<FeedOptions> = {}): Feed {
  feed = createFeed({
    wsUrl: server.url,
    clock,
    sink: log.sink,
    reconnectBaseDelayMs: 10,
    reconnectMaxDelayMs: 40,
    repairSpacingMs: 5,
    repairTimeoutMs: 2_000,
    random: () => 0.5,
    onLifecycle: (notice) => {
      notices.push(notice);
      log.check();
    },
    onMissed: (channel) => {
      missed.push(channel);
      log.check();
    },
    onFrame: () => setImmediate(() => log.check()),
    ...options,
  });
  return feed;
}

/** A feed with books of A and B that have arrived. */
async function connected(options: Partial<FeedOptions> = {}): Promise<Feed> {
  connect(options);
  feed.setMarkets([A, B]);
  await feed.start();
  await log.untilEvent('book.replaced', 2);
  return feed;
}

const booksAgree = (): boolean =>
  [A, B].every((ticker) => {
    const mine = log.book(ticker);
    const theirs = server.book(ticker);
    const keys = Object.keys(theirs);
    return keys.length === Object.keys(mine).length && keys.every((key) => mine[key] === theirs[key]);
  });

beforeEach(async () => {
  log = new EventLog();
  notices.length = 0;
  missed.length = 0;
  server = await FeedServer.listen();
  server.onPing = () => log.check();
  server.change(A, 'yes', 4700, 300);
  server.change(A, 'no', 4800, 200);
  server.change(B, 'yes', 1000, 5000);
});

afterEach(async () => {
  feed.close();
  await server.close();
});

describe('subscribing', () => {
  it('asks for every channel, with market lists where they belong, and resolves when all are acknowledged', async () => {
    await connected({ signHeaders: () => ({ 'KALSHI-ACCESS-KEY': 'key-1' }) });
    expect(server.upgrades[0]?.['kalshi-access-key']).toBe('key-1');
    expect(
      server.commands.map(({ cmd, params }) => [cmd, params.channels?.[0], params.market_tickers]),
    ).toEqual([
      ['subscribe', 'orderbook_delta', [A, B]],
      ['subscribe', 'trade', [A, B]],
      ['subscribe', 'ticker', [A, B]],
      ['subscribe', 'fill', undefined],
      ['subscribe', 'user_orders', undefined],
      ['subscribe', 'market_positions', undefined],
      ['subscribe', 'market_lifecycle_v2', undefined],
    ]);
    expect(server.commands[0]?.params.use_yes_price).toBe(true);
    expect(feed.health(Date.now())).toMatchObject({
      connected: true,
      live: true,
      untrustedBooks: 0,
      markets: 2,
    });
    expect(log.of('feed.lost')).toEqual([]);
  });

  it('subscribes no market channel while there is no market, which would mean all markets', async () => {
    connect();
    await feed.start();
    expect(server.commands.flatMap((command) => command.params.channels)).not.toContain('trade');
    feed.setMarkets([A]);
    await log.untilEvent('book.replaced');
    expect(server.markets('trade')).toEqual([A]);
  });

  it('adds and removes markets on the running subscriptions', async () => {
    connect();
    feed.setMarkets([A]);
    await feed.start();
    feed.setMarkets([B]);
    await log.until(() => log.of('book.replaced').some((event) => event.ticker === B));
    await log.until(() => server.markets('orderbook_delta').join() === B);
    server.change(A, 'yes', 4600, 100);
    server.change(B, 'yes', 1100, 100);
    await log.until(() => log.of('book.changed').length > 0);
    expect(log.of('book.changed').map((event) => event.ticker)).toEqual([B]);
    feed.setMarkets([]);
    await log.until(() => server.markets('trade').length === 0);
    expect(server.commands.at(-1)?.cmd).toBe('unsubscribe');
  });

  it.each([true, false])('tells books in YES prices with useYesPrice %s', async (useYesPrice) => {
    await connected({ useYesPrice });
    server.change(A, 'no', 4700, 1234);
    await log.untilEvent('book.changed');
    expect(log.of('book.replaced').find((event) => event.ticker === A)).toMatchObject({
      bids: [{ price: 4700, count: 300 }],
      asks: [{ price: 5200, count: 200 }],
    });
    expect(log.of('book.changed')[0]).toMatchObject({ side: 'ask', price: 5300, delta: 1234 });
    expect(booksAgree()).toBe(true);
  });

  it('does without a market that the exchange does not know', async () => {
    server.ignores = ({ id, params }) => {
      if (!params.market_tickers?.includes('KXNONE')) return false;
      const msg = { code: 11, msg: 'Invalid parameter', market_tickers: ['KXNONE'] };
      server.raw(JSON.stringify({ id, type: 'error', msg }));
      return true;
    };
    connect();
    feed.setMarkets([A, Ticker.of('KXNONE')]);
    await feed.start();
    await log.untilEvent('book.replaced');
    expect(server.markets('orderbook_delta')).toEqual([A]);
  });

  it.each(['nonsense', 'http://127.0.0.1:1/trade-api/v2', process.env.NOT_SET!])(
    'refuses the address %s',
    (wsUrl) => {
      const make = () => createFeed({ wsUrl, clock: { now: () => Timestamp.of(0) }, sink: () => {} });
      expect(make).toThrow(/^Not the WebSocket address of an exchange: /);
    },
  );

  it('refuses to start with credentials that the exchange refuses', async () => {
    server.status = 401;
    const error = await connect()
      .start()
      .catch((reason: MmError) => reason);
    expect(error).toMatchObject({ code: 'feed-unauthorized', recovery: 'fix', facts: { status: 401 } });
    expect(server.upgrades.length).toBe(1);
  });

  it('refuses to start when a channel is refused for good', async () => {
    server.ignores = ({ id, params }) => {
      if (params.channels?.[0] !== 'fill') return false;
      server.raw(JSON.stringify({ id, type: 'error', msg: { code: 9, msg: 'Authentication required' } }));
      return true;
    };
    await expect(connect().start()).rejects.toMatchObject({ code: 'subscription-refused', recovery: 'fix' });
  });

  it('keeps trying to reach an exchange that is not there yet', async () => {
    server.status = 503;
    connect();
    feed.setMarkets([A]);
    const started = feed.start();
    await log.until(() => server.upgrades.length >= 1 && log.of('feed.lost').length === 1);
    server.status = 101;
    await started;
    await log.untilEvent('feed.restored');
    expect(log.of('feed.lost').length).toBe(1);
  });
});

describe('books', () => {
  it('follow the exchange through many changes', async () => {
    await connected();
    for (let i = 0; i < 500; i++) {
      server.change(A, i % 2 === 0 ? 'yes' : 'no', 100 + 100 * (i % 40), 100 + i);
      if (i % 3 === 0) server.change(B, 'no', 2000, 50);
    }
    await log.until(booksAgree);
    expect(feed.stats).toMatchObject({ gaps: 0, duplicates: 0, malformed: 0, deltas: 667, scanned: 667 });
  });

  it('are gapped when a frame is lost, and whole again after a snapshot', async () => {
    await connected();
    server.change(A, 'yes', 4600, 700, 0);
    server.change(B, 'yes', 900, 100);
    await log.untilEvent('feed.gapped');
    await log.untilEvent('book.replaced', 4);
    expect(log.of('feed.gapped')).toMatchObject([{ ticker: null }]);
    expect(booksAgree()).toBe(true);
    expect(log.of('book.changed')).toEqual([]);
    expect(feed.stats).toMatchObject({ gaps: 1, dropped: 1, snapshotRequests: 1, resubscriptions: 0 });
    server.change(A, 'yes', 4600, 100);
    await log.until(booksAgree);
    expect(log.of('book.changed').length).toBe(1);
  });

  it('are subscribed anew when no snapshot comes', async () => {
    await connected({ repairTimeoutMs: 30 });
    server.ignores = (command) => command.params.action === 'get_snapshot';
    server.change(A, 'yes', 4600, 700, 0);
    server.change(A, 'yes', 4500, 100);
    await log.untilEvent('book.replaced', 4);
    expect(booksAgree()).toBe(true);
    expect(feed.stats).toMatchObject({ resubscriptions: 1, connections: 1 });
    expect(missed).toEqual([]);
  });

  it('take each change once, even when its frame comes twice', async () => {
    await connected();
    server.change(A, 'yes', 4600, 700, 2);
    server.change(A, 'yes', 4500, 100);
    await log.until(booksAgree);
    expect(feed.stats).toMatchObject({ duplicates: 1, gaps: 0 });
  });

  it.each([10, 25])('come back after terminal error %i', async (code) => {
    await connected();
    server.fail('orderbook_delta', code);
    await log.untilEvent('feed.gapped');
    server.change(A, 'yes', 4600, 700);
    await log.untilEvent('book.replaced', 4);
    expect(booksAgree()).toBe(true);
    expect(feed.stats).toMatchObject({ errors: 1, resubscriptions: 1, connections: 1 });
  });

  it('distrust the market of a malformed change, and count it', async () => {
    await connected();
    const sid = 1;
    server.skip('orderbook_delta');
    server.raw(
      `{"type":"orderbook_delta","sid":${sid},"seq":3,"msg":{"market_ticker":"${A}","price_dollars":0.47,"delta_fp":"1.00","side":"yes"}}`,
    );
    await log.untilEvent('feed.gapped');
    expect(log.of('feed.gapped')).toMatchObject([{ ticker: A }]);
    expect(feed.stats).toMatchObject({ malformed: 1 });
    await log.until(() => feed.health(0).untrustedBooks === 0);
    expect(booksAgree()).toBe(true);
  });

  it('name the channel of a frame that cannot be read, when its loss is not a matter of books', async () => {
    await connected();
    server.push('fill', 'fill', { trade_id: 't-1', order_id: 'o-1', market_ticker: A });
    await log.until(() => missed.length > 0);
    expect(missed).toEqual(['fills']);
    expect(feed.stats).toMatchObject({ malformed: 1, fills: 0 });
    expect(log.of('feed.gapped')).toEqual([]);
  });

  it('survive frames that are no JSON or of an unknown type', async () => {
    await connected();
    server.raw('{"type":"weather","sid":4,"msg":{}}');
    server.raw('not json');
    await log.untilEvent('book.replaced', 4);
    expect(feed.stats).toMatchObject({ malformed: 1, unknown: 1, connections: 1 });
    expect(booksAgree()).toBe(true);
  });

  it('are not believed when a snapshot is crossed', async () => {
    server.change(A, 'yes', 9000, 100);
    connect({ channels: ['orderbook_delta'] });
    feed.setMarkets([A]);
    await feed.start();
    await log.untilEvent('feed.gapped');
    expect(log.of('book.replaced')).toEqual([]);
    server.change(A, 'yes', 9000, -100);
    await log.untilEvent('book.replaced');
    expect(feed.stats.crossed).toBeGreaterThan(0);
  });

  it('are asked for when their reader finds them wrong', async () => {
    await connected();
    feed.requestSnapshot(A);
    await log.untilEvent('book.replaced', 3);
    expect(log.of('feed.gapped')).toMatchObject([{ ticker: A }]);
  });
});

describe('a lost connection', () => {
  it('is made again with everything subscribed and the books right', async () => {
    await connected();
    server.drop();
    server.change(A, 'yes', 4600, 700);
    await log.untilEvent('feed.restored');
    const types = log.events.map((event) => event.type);
    expect(types.slice(2)).toEqual(['feed.lost', 'book.replaced', 'book.replaced', 'feed.restored']);
    expect(booksAgree()).toBe(true);
    expect(server.commands.filter((command) => command.cmd === 'subscribe').length).toBe(14);
    server.change(A, 'yes', 4600, 50);
    await log.until(booksAgree);
  });

  it('is told apart from the next one to whoever records the frames', async () => {
    const seen: string[] = [];
    await connected({
      onConnection: (change) =>
        seen.push(change.open ? `open ${change.connection}` : `end ${change.connection}`),
      onFrame: (raw, _atMs, connection) => {
        if (raw.includes('orderbook_snapshot')) seen.push(`book ${connection}`);
        setImmediate(() => log.check());
      },
    });
    server.drop();
    await log.untilEvent('feed.restored');
    feed.close();
    expect(seen).toEqual([
      ...['open 1', 'book 1', 'book 1', 'end 1'],
      ...['open 2', 'book 2', 'book 2', 'end 2'],
    ]);
  });

  it('is noticed when the other side is silent, though nothing was closed', async () => {
    await connected({ idleTimeoutMs: 60 });
    server.deaf = true;
    await log.untilEvent('feed.lost');
    server.deaf = false;
    await log.untilEvent('feed.restored');
    expect(log.of('feed.lost')[0]?.reason).toContain('nothing came for 60 ms');
    expect(booksAgree()).toBe(true);
  });

  it('is not suspected in a quiet market, where pings are answered', async () => {
    await connected({ idleTimeoutMs: 400 });
    await log.until(() => server.pings >= 5);
    expect(log.of('feed.lost')).toEqual([]);
  });

  it('is made again when a command is not answered', async () => {
    server.ignores = ({ params }) => params.channels?.[0] === 'trade' && server.upgrades.length === 1;
    connect({ commandTimeoutMs: 500 });
    feed.setMarkets([A]);
    await feed.start();
    expect(log.of('feed.lost')[0]?.reason).toBe('no answer to subscribe of trades');
    expect(feed.stats.connections).toBe(2);
  });

  it('is told once, however often connecting fails, also when credentials stop working', async () => {
    await connected();
    server.status = 401;
    server.drop();
    await log.untilEvent('feed.lost');
    await log.until(() => server.upgrades.length >= 1);
    server.status = 101;
    await log.untilEvent('feed.restored');
    expect(log.of('feed.lost').length).toBe(1);
  });

  it('does not keep all markets waiting for one that has no book', async () => {
    connect({ channels: ['orderbook_delta'], repairTimeoutMs: 40 });
    feed.setMarkets([A]);
    await feed.start();
    server.bookless.add(B);
    server.drop();
    feed.setMarkets([A, B]);
    await log.untilEvent('feed.restored');
    expect(log.of('feed.gapped').map((event) => event.ticker)).toEqual([B]);
  });
});

describe('the other channels', () => {
  const order = {
    order_id: 'o-1',
    ticker: A,
    fill_count_fp: '1.00',
    remaining_count_fp: '2.00',
    client_order_id: 'c-1',
  };

  it('tell trades, but not those made outside the book', async () => {
    await connected();
    const trade = {
      trade_id: 't-1',
      market_ticker: A,
      yes_price_dollars: '0.5200',
      count_fp: '1.00',
      taker_book_side: 'bid',
      ts_ms: 1781159370164,
    };
    server.push('trade', 'trade', { ...trade, is_block_trade: true });
    // The first of its form is read by the full parser, the next one by the scanner.
    server.push('trade', 'trade', trade);
    server.push('trade', 'trade', { ...trade, trade_id: 't-2' });
    await log.untilEvent('trade.printed', 2);
    const told = { ticker: A, price: 5200, count: 100, takerSide: 'bid' };
    expect(log.of('trade.printed')).toMatchObject([
      { ...told, tradeId: 't-1' },
      { ...told, tradeId: 't-2' },
    ]);
    expect(feed.stats).toMatchObject({ trades: 2, blockTrades: 1 });
  });

  it('tell the ticker, with no last price for a market that never traded', async () => {
    await connected();
    server.push('ticker', 'ticker', {
      market_ticker: A,
      price_dollars: '0.0000',
      yes_bid_dollars: '0.0000',
      yes_ask_dollars: '1.0000',
      volume_fp: '3.00',
      open_interest_fp: '2.00',
    });
    await log.untilEvent('ticker.changed');
    expect(log.of('ticker.changed')[0]).toMatchObject({
      bid: 0,
      ask: 10_000,
      lastPrice: null,
      volume: 300,
      openInterest: 200,
    });
  });

  it('tell each fill once, also over a reconnect', async () => {
    await connected();
    const fill = {
      trade_id: 't-1',
      order_id: 'o-1',
      client_order_id: 'c-1',
      market_ticker: A,
      is_taker: false,
      book_side: 'ask',
      yes_price_dollars: '0.4700',
      count_fp: '3.00',
      fee_cost: '0.017500',
      ts_ms: 1781159370164,
    };
    server.push('fill', 'fill', fill);
    server.push('fill', 'fill', fill);
    server.drop();
    await log.untilEvent('feed.restored');
    server.push('fill', 'fill', fill);
    server.push('fill', 'fill', { ...fill, order_id: 'o-2', client_order_id: undefined });
    await log.untilEvent('order.filled', 2);
    expect(log.of('order.filled').map((event) => event.fill)).toMatchObject([
      {
        fillId: 't-1',
        orderId: 'o-1',
        clientOrderId: 'c-1',
        side: 'ask',
        price: 4700,
        count: 300,
        fee: 17500,
        role: 'maker',
      },
      { fillId: 't-1', orderId: 'o-2', clientOrderId: null },
    ]);
    expect(feed.stats.duplicates).toBe(2);
  });

  it('are told as missed once a lost connection is back', async () => {
    await connected();
    expect(missed).toEqual([]);
    server.drop();
    await log.untilEvent('feed.restored');
    expect(missed).toEqual(['trades', 'ticker', 'fills', 'orders', 'positions', 'lifecycle']);
  });

  it.each([
    ['ExpiryCancel', 'order.expired', undefined],
    ['CloseCancel', 'order.canceled', 'close'],
    ['SelfTradeCancel', 'order.canceled', 'self-trade'],
    ['HaltCancel', 'order.canceled', 'pause'],
    ['Decrease', 'order.canceled', 'requested'],
    ['Surprise', 'order.canceled', 'unknown'],
  ] as const)('tell a canceled order with %s as %s %s', async (last_update_reason, type, reason) => {
    await connected();
    server.push('user_orders', 'user_order', { ...order, status: 'canceled', last_update_reason });
    await log.untilEvent(type);
    expect(log.of(type)[0]).toMatchObject({
      clientOrderId: 'c-1',
      orderId: 'o-1',
      filled: 100,
      ...(reason && { reason }),
    });
  });

  it('tell a resting order, but neither an executed one nor one without our id', async () => {
    await connected();
    server.push('user_orders', 'user_order', { ...order, status: 'executed' });
    server.push('user_orders', 'user_order', { ...order, client_order_id: '', status: 'resting' });
    server.push('user_orders', 'user_order', { ...order, status: 'resting' });
    await log.untilEvent('order.accepted');
    expect(log.events.slice(2)).toMatchObject([{ type: 'order.accepted', remaining: 200, filled: 100 }]);
  });

  it('tell positions', async () => {
    await connected();
    server.push('market_positions', 'market_position', {
      market_ticker: A,
      position_fp: '-3.00',
      position_cost_dollars: '1.500000',
      realized_pnl_dollars: '-0.250000',
      fees_paid_dollars: '0.018900',
    });
    await log.untilEvent('position.reported');
    expect(log.of('position.reported')[0]).toMatchObject({
      ticker: A,
      position: -300,
      cost: 1_500_000,
      realizedPnl: -250_000,
      feesPaid: 18_900,
    });
  });

  it('tell the end of a market: paused, determined, settled with the payout remembered', async () => {
    await connected();
    const tell = (event_type: string, rest: object = {}) =>
      server.push('market_lifecycle_v2', 'market_lifecycle_v2', { event_type, market_ticker: A, ...rest });
    tell('deactivated', { is_deactivated: true });
    tell('determined', { result: 'no', settlement_value: '0.0000' });
    tell('settled', { settled_ts: 1781159370 });
    tell('settled');
    await log.until(() => notices.length === 1);
    expect(log.of('market.closed').map((event) => event.reason)).toEqual(['paused', 'determined']);
    expect(log.of('market.settled')).toMatchObject([{ ticker: A, result: 'no', settlementPrice: 0 }]);
    expect(notices).toMatchObject([{ kind: 'settled', ticker: A, eventTicker: null }]);
  });

  it('pass on what has to be read over REST, and renew the book of a market that comes back', async () => {
    await connected();
    const tell = (event_type: string) =>
      server.push('market_lifecycle_v2', 'market_lifecycle_v2', { event_type, market_ticker: A });
    tell('created');
    tell('activated');
    server.push('market_lifecycle_v2', 'event_fee_update', { event_ticker: 'KXTEST' });
    await log.until(() => notices.length === 3);
    await log.untilEvent('book.replaced', 3);
    expect(notices).toMatchObject([
      { kind: 'created', ticker: A, eventTicker: null },
      { kind: 'activated', ticker: A, eventTicker: null },
      { kind: 'event_fee_update', ticker: null, eventTicker: 'KXTEST' },
    ]);
    expect(log.of('feed.gapped')).toMatchObject([{ ticker: A }]);
  });

  it('say when trades were lost, without touching the books', async () => {
    await connected();
    server.skip('trade');
    server.push('trade', 'trade', {
      market_ticker: A,
      yes_price_dollars: '0.5200',
      count_fp: '1.00',
      taker_book_side: 'bid',
    });
    server.skip('trade');
    server.push('trade', 'trade', {
      market_ticker: A,
      yes_price_dollars: '0.5300',
      count_fp: '1.00',
      taker_book_side: 'bid',
    });
    await log.untilEvent('trade.printed', 2);
    expect(missed).toEqual(['trades']);
    expect(log.of('feed.gapped')).toEqual([]);
  });
});

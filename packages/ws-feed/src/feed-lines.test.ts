import { type Clock, type Fill, type FillId, type OrderId, Ticker, Timestamp } from '@kalshi-mm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFeed, type Feed } from './feed.ts';
import type { FeedNotice, FeedOptions } from './feed-options.ts';
import { EventLog } from './testing/event-log.ts';
import { FeedServer } from './testing/feed-server.ts';

const MARKETS = Array.from({ length: 5 }, (_, i) => Ticker.of(`KXLINE-${i}`));
const clock: Clock = { now: () => Timestamp.of(Date.now()) };

let server: FeedServer;
let log: EventLog;
let feed: Feed;
const missed: string[] = [];
const notices: FeedNotice[] = [];

function connect(options: Partial<FeedOptions> = {}): Feed {
  feed = createFeed({
    wsUrl: server.url,
    clock,
    sink: log.sink,
    marketsPerConnection: 2,
    reconnectBaseDelayMs: 10,
    reconnectMaxDelayMs: 40,
    repairSpacingMs: 5,
    random: () => 0.5,
    onMissed: (channel) => {
      missed.push(channel);
      log.check();
    },
    onNotice: (notice) => {
      notices.push(notice);
      log.check();
    },
    onFrame: () => setImmediate(() => log.check()),
    ...options,
  });
  return feed;
}

const agree = (tickers = MARKETS): boolean =>
  tickers.every((ticker) => {
    const mine = log.book(ticker);
    const theirs = server.book(ticker);
    const keys = Object.keys(theirs);
    return keys.length === Object.keys(mine).length && keys.every((key) => mine[key] === theirs[key]);
  });

beforeEach(async () => {
  log = new EventLog();
  missed.length = 0;
  notices.length = 0;
  server = await FeedServer.listen();
  for (const [i, ticker] of MARKETS.entries()) server.change(ticker, 'yes', 1_000 + 100 * i, 500);
});

afterEach(async () => {
  feed.close();
  await server.close();
});

it('spreads markets over connections, the account on the first alone, and follows changes of the list', async () => {
  connect();
  feed.setMarkets(MARKETS);
  await feed.start();
  await log.untilEvent('book.replaced', 5);
  expect(feed.health(0)).toMatchObject({ connections: 3, markets: 5, live: true, untrustedBooks: 0 });
  const subscribed = server.commands.flatMap(({ params }) => params.channels ?? []);
  expect(subscribed.filter((channel) => channel === 'fill').length).toBe(1);
  expect(subscribed.filter((channel) => channel === 'orderbook_delta').length).toBe(3);
  for (const ticker of MARKETS) server.change(ticker, 'no', 2_000, 300);
  await log.until(agree);

  feed.setMarkets([MARKETS[4]!, Ticker.of('KXLINE-NEW')]);
  await log.until(() => server.markets('orderbook_delta').sort().join() === `${MARKETS[4]},KXLINE-NEW`);
  expect(feed.health(0)).toMatchObject({ connections: 2, markets: 2 });
  expect(log.of('feed.lost')).toEqual([]);
  // Nobody keeps the books of those that are not followed any more.
  expect(log.of('feed.gapped').map((event) => event.ticker)).toEqual(MARKETS.slice(0, 4));
});

it('tells a gap on one connection for its markets alone', async () => {
  connect();
  feed.setMarkets(MARKETS);
  await feed.start();
  await log.untilEvent('book.replaced', 5);
  server.change(MARKETS[4]!, 'yes', 4_000, 100, 0);
  server.change(MARKETS[4]!, 'yes', 4_100, 100);
  await log.until(agree);
  expect(log.of('feed.gapped').map((event) => event.ticker)).toEqual([MARKETS[4]]);
});

it('is lost with the connection of the account, and gapped with another one', async () => {
  connect();
  feed.setMarkets(MARKETS);
  await feed.start();
  await log.untilEvent('book.replaced', 5);
  // The connections were accepted in the order in which they were made.
  server.dropOne(2);
  await log.untilEvent('feed.gapped');
  server.change(MARKETS[4]!, 'yes', 4_000, 100);
  await log.until(() => agree() && missed.length > 0);
  expect(log.of('feed.gapped').map((event) => event.ticker)).toEqual([MARKETS[4]]);
  expect(log.of('feed.lost')).toEqual([]);
  expect(missed).toEqual(['trades', 'ticker']);

  server.dropOne(0);
  await log.untilEvent('feed.restored');
  expect(log.of('feed.lost').length).toBe(1);
  // Every book comes again: who heard of the loss has given up all of them.
  await log.until(() => {
    const lost = log.events.findIndex((event) => event.type === 'feed.lost');
    const after = log.events.slice(lost).filter((event) => event.type === 'book.replaced');
    return new Set(after.map((event) => event.ticker)).size === 5 && agree();
  });
});

it('tells books as gapped that had come back when their connection is lost again', async () => {
  connect();
  feed.setMarkets(MARKETS.slice(0, 4));
  await feed.start();
  await log.untilEvent('book.replaced', 4);
  // One of the two on the second connection does not come back: that connection is not whole again.
  server.bookless.add(MARKETS[3]!);
  server.dropOne(1);
  await log.untilEvent('book.replaced', 5);
  expect(log.trusts(MARKETS[2]!)).toBe(true);
  server.dropOne(1);
  await log.untilEvent('feed.gapped', 3);
  expect(log.of('feed.gapped').map((event) => event.ticker)).toEqual([...MARKETS.slice(2, 4), MARKETS[2]]);
});

it('says since when a channel has missed something once it works again, and is not live until then', async () => {
  let nowMs = 1_781_159_490_000;
  const since: [string, number][] = [];
  connect({
    clock: { now: () => Timestamp.of(nowMs) },
    onMissed: (channel, sinceMs) => {
      since.push([channel, sinceMs]);
      log.check();
    },
  });
  feed.setMarkets([MARKETS[0]!]);
  await feed.start();
  await log.untilEvent('book.replaced');
  const trade = {
    market_ticker: MARKETS[0],
    yes_price_dollars: '0.5200',
    count_fp: '1.00',
    taker_side: 'yes',
  };
  server.push('trade', 'trade', trade);
  await log.untilEvent('trade.printed');
  const heardMs = nowMs;
  nowMs += 60_000;
  // A channel that numbers nothing has its say in between.
  server.push('ticker', 'ticker', {
    market_ticker: MARKETS[0],
    yes_bid_dollars: '0.1000',
    yes_ask_dollars: '1.0000',
    volume_fp: '0.00',
    open_interest_fp: '0.00',
  });
  let refused = 0;
  server.ignores = ({ cmd }) => {
    if (cmd !== 'subscribe' || refused > 0) return false;
    refused++;
    setImmediate(() => log.check());
    return true;
  };
  server.fail('trade', 25);
  await log.until(() => refused === 1);
  expect(since).toEqual([]);
  expect(feed.health(nowMs).live).toBe(false);
  server.drop();
  await log.until(() => since.length > 0);
  expect(feed.health(nowMs)).toMatchObject({ connected: true });
  expect(Object.fromEntries(since)).toMatchObject({ trades: heardMs, ticker: heardMs + 60_000 });
  await log.untilEvent('feed.restored');
  expect(feed.health(nowMs).live).toBe(true);
});

it('says how current a market is: its connection, its way, its last change, its trust', async () => {
  let nowMs = 1_781_159_490_000;
  connect({ clock: { now: () => Timestamp.of(nowMs) } });
  feed.setMarkets([MARKETS[0]!]);
  expect(feed.clocks(MARKETS[0]!, nowMs)).toEqual({
    heartbeatAgeMs: null,
    serverAgeMs: null,
    changeAgeMs: null,
    trusted: false,
  });
  expect(feed.clocks(MARKETS[1]!, nowMs)).toBeNull();
  await feed.start();
  await log.untilEvent('book.replaced');
  server.change(MARKETS[0]!, 'yes', 4_000, 100);
  await log.untilEvent('book.changed');
  // The server stamps 1781159489957 on every change.
  expect(feed.clocks(MARKETS[0]!, nowMs)).toEqual({
    heartbeatAgeMs: 0,
    serverAgeMs: 43,
    changeAgeMs: 0,
    trusted: true,
  });
  const changedMs = nowMs;
  nowMs += 60_000;
  server.push('ticker', 'ticker', {
    market_ticker: MARKETS[0],
    yes_bid_dollars: '0.1000',
    yes_ask_dollars: '1.0000',
    volume_fp: '0.00',
    open_interest_fp: '0.00',
  });
  await log.untilEvent('ticker.changed');
  // A quiet market on a living connection.
  expect(feed.clocks(MARKETS[0]!, nowMs)).toEqual({
    heartbeatAgeMs: 0,
    serverAgeMs: 43,
    changeAgeMs: nowMs - changedMs,
    trusted: true,
  });
  server.ignores = () => true;
  feed.requestSnapshot(MARKETS[0]!);
  expect(feed.clocks(MARKETS[0]!, nowMs)?.trusted).toBe(false);
});

it('reads fills over REST after a reconnection, and tells each once', async () => {
  const wire = {
    trade_id: 't-1',
    order_id: 'o-1',
    market_ticker: MARKETS[0],
    is_taker: false,
    book_side: 'bid',
    yes_price_dollars: '0.4700',
    count_fp: '3.00',
    fee_cost: '0.000000',
    ts_ms: 1781159370164,
  };
  const read: Fill = {
    fillId: 't-2' as FillId,
    orderId: 'o-1' as OrderId,
    clientOrderId: null,
    ticker: MARKETS[0]!,
    side: 'bid',
    price: 4700 as Fill['price'],
    count: 100 as Fill['count'],
    fee: 0 as Fill['fee'],
    role: 'maker',
    exchangeMs: Timestamp.of(1781159370200),
  };
  connect({
    fetchFills: async function* () {
      yield [{ ...read, fillId: 't-1' as FillId }, read];
      yield [];
    },
  });
  feed.setMarkets([MARKETS[0]!]);
  await feed.start();
  server.push('fill', 'fill', wire);
  await log.untilEvent('order.filled');
  server.drop();
  await log.untilEvent('order.filled', 2);
  await log.untilEvent('feed.restored');
  server.push('fill', 'fill', { ...wire, trade_id: 't-2' });
  server.push('fill', 'fill', { ...wire, trade_id: 't-3' });
  await log.untilEvent('order.filled', 3);
  expect(log.of('order.filled').map((event) => event.fill.fillId)).toEqual(['t-1', 't-2', 't-3']);
  expect(feed.stats).toMatchObject({ fills: 3, recoveredFills: 1 });
  expect(missed).not.toContain('fills');
});

it('tells the channels that have no event of their own as typed notices', async () => {
  connect({ channels: ['order_groups', 'communications', 'combo_lifecycle'] });
  await feed.start();
  server.push('order_group_updates', 'order_group_updates', {
    event_type: 'limit_updated',
    order_group_id: 'g-1',
    contracts_limit_fp: '25.00',
    ts_ms: 1781159370164,
  });
  const quote = {
    quote_id: 'q-1',
    rfq_id: 'r-1',
    quote_creator_id: 'me',
    market_ticker: MARKETS[0],
    yes_bid_dollars: '0.4100',
    no_bid_dollars: '0',
  };
  server.push('communications', 'rfq_created', {
    id: 'r-1',
    creator_id: 'you',
    market_ticker: MARKETS[0],
    contracts_fp: '7.00',
    created_ts: '2026-10-05T14:00:00Z',
  });
  server.push('communications', 'quote_created', { ...quote, created_ts: '2026-10-05T14:00:01Z' });
  server.push('communications', 'quote_accepted', {
    ...quote,
    accepted_side: 'yes',
    contracts_accepted_fp: '7.00',
  });
  server.push('communications', 'quote_executed', {
    quote_id: 'q-1',
    rfq_id: 'r-1',
    quote_creator_id: 'me',
    rfq_creator_id: 'you',
    order_id: 'o-1',
    client_order_id: 'c-1',
    market_ticker: MARKETS[0],
    executed_ts: '2026-10-05T14:00:09Z',
  });
  await log.until(() => notices.length === 5);
  expect(notices).toMatchObject([
    { type: 'order_group_updates', eventType: 'limit_updated', orderGroupId: 'g-1', limit: 2_500 },
    { type: 'rfq_created', rfqId: 'r-1', creatorId: 'you', contracts: 700, targetCost: null },
    { type: 'quote_created', quoteId: 'q-1', yesBid: 4_100, noBid: 0, acceptedSide: null },
    { type: 'quote_accepted', acceptedSide: 'yes', acceptedContracts: 700 },
    { type: 'quote_executed', rfqCreatorId: 'you', orderId: 'o-1', clientOrderId: 'c-1' },
  ]);
  expect(feed.stats).toMatchObject({ unknown: 0, malformed: 0 });
});

it('fails a question when there is no connection, or it ends before the answer', async () => {
  connect({ channels: ['index_prices'] });
  await expect(feed.listSubscriptions()).rejects.toMatchObject({
    code: 'feed-unanswered',
    recovery: 'retry',
  });
  await feed.start();
  server.ignores = () => true;
  const asked = feed.listPrices('index_prices');
  const told = expect(asked).rejects.toMatchObject({ code: 'feed-unanswered' });
  await new Promise(setImmediate);
  server.drop();
  await told;
});

import { createRandom, Price, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import { call, type FeedClient, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';
import { FAULT_NAMES, type FaultOptions } from './fault-options.ts';
import { VENUE_FAULT_NAMES } from './venue/venue-fault-rates.ts';

const ROOT = '/portfolio/events/orders';
const TOKEN = 'a-token-for-tests-only';
const SECONDS = 420;

/** Everything at once, often enough that everything happens. */
const FAULTS: FaultOptions = {
  ...Object.fromEntries(FAULT_NAMES.map((name) => [name, 0.02])),
  ...Object.fromEntries(VENUE_FAULT_NAMES.map((name) => [name, 0.1])),
  tradingPause: 0.3,
  exchangePause: 0.5,
  closeEarlier: 0.05,
  feeChange: 0.2,
  clockStep: 0.5,
  restCancelReset: 0.1,
  restCancelApplyThenReset: 0.1,
  restBatchEntryFails: 0.1,
  script: [{ fault: 'disputeUpheld' }, { fault: 'disputeOverturned' }],
  feedDisconnect: 0.001,
  feedHalfOpen: 0.001,
  feedChannelError: 0.001,
  feedOverflow: 0.001,
  // Due at the next look, since this test's clock does not move while it waits for an answer.
  restLateMs: 1e-6,
  staleReadsMs: 700,
  clockSkewMs: 1_000,
  clockStepMs: -4_000,
};

describe('with everything on', () => {
  it('the books stay right, and the same seed gives the same ledger', { timeout: 60_000 }, async () => {
    const first = await session(1);
    expect(first.audit).toEqual({ agrees: true });
    expect(first.ledger.users[0].fills).not.toEqual([]);
    const never = Object.keys(first.happened).filter((name) => first.happened[name] === 0);
    expect(never).toEqual([]);
    const again = await session(1);
    expect(again.ledger).toEqual(first.ledger);
    expect(countsOf(again.happened)).toEqual(countsOf(first.happened));
  });
});

/** Without those of the feed: how many tickers are sent, and when a held line is let go, depends on the machine. */
function countsOf(happened: Record<string, number>) {
  return Object.entries(happened).filter(([name]) => !name.startsWith('feed'));
}

/** Some minutes of a generated world, up to and beyond the end of its quarter of an hour. */
async function session(seed: number) {
  const wall = { ms: 1_790_000_000_000 };
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 5, startMs: Timestamp.parseIso('2026-10-05T14:10:00Z') },
    users: [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 5_000 }],
    wallClock: () => wall.ms,
    tier: 'prestige',
    control: { token: TOKEN },
    faults: { ...FAULTS, seed },
  });
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(local.control!.controlUrl + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as any;
  };
  const acts = trader(local, wall);
  const feeds: FeedClient[] = [];
  // Steps are exact; time that runs is slowed down by a busy machine.
  await control('POST', '/time/pause');
  for (let second = 0; second < SECONDS; second++) {
    if (second % 30 === 0) feeds.push(await subscribe(local, wall));
    wall.ms += 1_000;
    await control('POST', '/time/step', { ms: 1_000 });
    await acts();
    // One more result than the clock brings.
    if (second === 60) {
      const { ticker } = local.exchange.markets().findLast(({ status }) => status === 'active')!;
      await control('POST', `/markets/${ticker}/determine`, { result: 'no' });
    }
  }
  const [audit, ledger] = [await control('GET', '/audit'), await control('GET', '/ledger')];
  const { happened } = await control('GET', '/faults');
  for (const feed of feeds) feed.socket.terminate();
  await local.close();
  return { audit, ledger, happened };
}

/** Somebody who places, cancels and reads, and takes every failure as it comes. */
function trader(local: LocalExchange, wall: { ms: number }): () => Promise<void> {
  const random = createRandom('trader');
  const { exchange } = local;
  const order = () => {
    const open = exchange.markets().filter(({ status }) => status === 'active' || status === 'inactive');
    const { ticker } = open[random.integer(open.length)]!;
    const isBid = random.next() < 0.5;
    const book = exchange.book(ticker);
    const price = isBid === random.next() < 0.5 ? book.bestBid() : book.bestAsk();
    return {
      ticker,
      side: isBid ? 'bid' : 'ask',
      count: `${1 + random.integer(9)}.00`,
      price: Price.format(price),
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'maker',
      cancel_order_on_pause: random.next() < 0.3,
    };
  };
  const attempt = async (method: string, path: string, body?: object): Promise<void> => {
    await call(local, wall, method, path, body).catch(() => null);
  };
  return async () => {
    const choice = random.next();
    const resting = exchange.orders(USER).filter(({ status }) => status === 'resting');
    const target = resting[random.integer(Math.max(1, resting.length))];
    if (choice < 0.4) await attempt('POST', ROOT, order());
    else if (choice < 0.6) await attempt('POST', `${ROOT}/batched`, { orders: [order(), order(), order()] });
    else if (choice < 0.9 && target !== undefined)
      await attempt('DELETE', `${ROOT}/${target.orderId}?market_ticker=${target.ticker}`);
    else await attempt('GET', '/portfolio/positions');
  };
}

/** Subscribes to everything; what comes of it is the faults' matter. */
async function subscribe(local: LocalExchange, wall: { ms: number }): Promise<FeedClient> {
  const feed = await openFeed(local, wall);
  const channels = ['orderbook_delta', 'trade', 'ticker', 'fill', 'user_orders', 'market_lifecycle_v2'];
  const market_tickers = local.exchange
    .markets()
    .filter(({ status }) => status !== 'finalized')
    .map(({ ticker }) => ticker);
  feed.send({ id: 1, cmd: 'subscribe', params: { channels, market_tickers } });
  await feed.until(({ type }) => type === 'subscribed').catch(() => null);
  return feed;
}

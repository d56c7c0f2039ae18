import { Count, Money, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange } from '@kalshi-mm/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { COIN, GOLD, HOUSE, LATER } from '../testing/fixture-world.ts';
import { RandomCaller } from '../testing/random-caller.ts';
import { ALICE, BOB, COMMON_NAME, startTwoUsers, type TwoUsers } from '../testing/two-users.ts';

const SEEDS = [1, 3, 10, 12];
const ACTS = 600;
const CHECK_EVERY = 50;

const MARKETS = [GOLD, COIN, LATER];
const SUBSCRIPTIONS = [
  {
    channels: ['orderbook_delta', 'trade', 'ticker', 'fill', 'user_orders', 'market_positions'],
    market_tickers: MARKETS,
    use_yes_price: true,
  },
  { channels: ['market_lifecycle_v2', 'order_group_updates'] },
];
const MESSAGES = new Set([
  ...['subscribed', 'ok', 'orderbook_snapshot', 'orderbook_delta', 'trade', 'ticker', 'fill', 'user_order'],
  ...['market_position', 'market_lifecycle_v2', 'event_fee_update', 'order_group_updates'],
]);

let two: TwoUsers | null = null;
afterEach(async () => {
  await two?.close();
  two = null;
});

describe('any sequence of calls', () => {
  it.each(SEEDS)(
    'gets documented answers only, and books, feed and bookkeeping agree all the time (seed %i)',
    async (seed) => {
      two = await startTwoUsers();
      const { exchange } = two.world;
      const feed = await openFeed(two);
      const caller = new RandomCaller(two, seed);
      await caller.prepare();
      // The rich reach bounds that others do not.
      if (seed % 2 === 0) {
        for (const user of [ALICE, BOB]) exchange.deposit(user, Money.fromDollars(100_000_000));
      }
      const before = wealth(exchange);
      const check = async () => {
        two!.local.turn();
        two!.audit();
        expect(wealth(exchange)).toBe(before);
        expect(caller.problems).toEqual([]);
        expectFollowed(await feed.all(), exchange);
      };
      for (let act = 1; act <= ACTS; act++) {
        await caller.act();
        if (act % CHECK_EVERY === 0) await check();
      }
      settle(exchange);
      two.local.turn();
      two.audit();
      for (const account of [ALICE, BOB].flatMap(exchange.accountsOf)) {
        expect(exchange.balance(account)!.reserved).toBe(0);
      }
      expect(leaks(exchange, [...caller.told, JSON.stringify(await feed.all())])).toEqual([]);
      // It was not all refusals.
      expect(exchange.fills(ALICE).length).toBeGreaterThan(10);
    },
  );
});

/** Alice's feed. */
async function openFeed(at: TwoUsers) {
  const { pathname } = new URL(at.local.wsUrl);
  const socket = new WebSocket(at.local.wsUrl, { headers: at.sign('GET', pathname) });
  const frames: any[] = [];
  let heard = (): void => {};
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    heard();
  });
  await new Promise((resolve) => socket.once('open', resolve));
  for (const params of SUBSCRIPTIONS) socket.send(JSON.stringify({ id: 1, cmd: 'subscribe', params }));
  let id = 1;
  return {
    /** Every frame so far. */
    all: () =>
      new Promise<typeof frames>((resolve) => {
        id++;
        heard = () => {
          if (frames.at(-1).id === id) resolve(frames);
        };
        socket.send(JSON.stringify({ id, cmd: 'list_subscriptions' }));
      }),
  };
}

/** Who reads the frames knows the books and the orders. */
function expectFollowed(frames: readonly any[], exchange: SimulatedExchange): void {
  const seqs = new Map<number, number>();
  const books = new Map<Ticker, Map<string, number>>(MARKETS.map((ticker) => [ticker, new Map()]));
  const orders = new Map<string, unknown>();
  for (const { type, sid, seq, msg } of frames) {
    expect(MESSAGES).toContain(type);
    if (seq !== undefined) {
      expect(seq).toBe((seqs.get(sid) ?? 0) + 1);
      seqs.set(sid, seq);
    }
    const book = books.get(msg.market_ticker)!;
    if (type === 'orderbook_snapshot') {
      book.clear();
      for (const [price, count] of msg.yes_dollars_fp ?? []) book.set(`yes ${price}`, Count.parse(count));
      for (const [price, count] of msg.no_dollars_fp ?? []) book.set(`no ${price}`, Count.parse(count));
    } else if (type === 'orderbook_delta') {
      const level = `${msg.side} ${msg.price_dollars}`;
      const count = (book.get(level) ?? 0) + Count.parseSigned(msg.delta_fp);
      expect(count).toBeGreaterThanOrEqual(0);
      if (count === 0) book.delete(level);
      else book.set(level, count);
    } else if (type === 'user_order') {
      orders.set(msg.order_id, [msg.status, msg.fill_count_fp, msg.remaining_count_fp]);
    }
  }
  for (const ticker of MARKETS) {
    const own = new Map<string, number>();
    for (const [side, leg] of [
      ['bid', 'yes'],
      ['ask', 'no'],
    ] as const) {
      exchange.book(ticker).forEachLevel(side, (price, count) => {
        own.set(`${leg} ${Price.format(price)}`, count);
        return true;
      });
    }
    expect(new Map([...books.get(ticker)!].toSorted())).toEqual(new Map([...own].toSorted()));
  }
  for (const { orderId, status, filled, remaining } of exchange.accountsOf(ALICE).flatMap(exchange.orders)) {
    const told = orders.get(orderId);
    // Orders of before the subscription may not have changed since.
    if (told === undefined) continue;
    expect([orderId, told]).toEqual([orderId, [status, Count.format(filled), Count.format(remaining)]]);
  }
}

/** All cash, the exchange's included, and what all positions are worth at one payout. */
function wealth(exchange: SimulatedExchange): number {
  let sum: number = exchange.feesCollected;
  for (const account of [ALICE, BOB, HOUSE].flatMap(exchange.accountsOf)) {
    const { cash, reserved } = exchange.balance(account)!;
    sum += cash + reserved;
    for (const { position } of exchange.positions(account)) {
      sum += position > 0 ? position * 3_700 : -position * 6_300;
    }
  }
  return sum;
}

/** One market is void, the other has a result that is disputed and amended. */
function settle(exchange: SimulatedExchange): void {
  exchange.setExchangeActive(true);
  exchange.determine(GOLD, 'scalar', Price.of(3_333));
  exchange.determine(COIN, 'yes');
  exchange.dispute(COIN);
  exchange.redetermine(COIN, 'no');
  exchange.advanceTo(Timestamp.of(exchange.nowMs + 1_200_000));
}

/** What is bob's alone, and was told to alice. */
function leaks(exchange: SimulatedExchange, texts: readonly string[]): string[] {
  const accounts = exchange.accountsOf(BOB);
  const orders = accounts.flatMap(exchange.orders);
  const secrets = [
    BOB,
    ...orders.flatMap(({ orderId, clientOrderId }) => [orderId, clientOrderId]),
    ...accounts.flatMap(exchange.orderGroups).map(({ groupId }) => groupId),
  ].filter((secret) => secret !== COMMON_NAME);
  const told = texts.join();
  return secrets.filter((secret) => told.includes(`"${secret}"`));
}

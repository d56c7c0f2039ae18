import { Timestamp } from '@kalshi-mm/core';
import { prediction } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, type FixtureWorld, GOLD, LATER } from '../testing/fixture-world.ts';
import { KEY_ID, KEYS, startFixture } from '../testing/local-client.ts';

const EVENT = GOLD.slice(0, GOLD.lastIndexOf('-'));

/**
 * ccxt shares no code with the official client: its own signatures (RSA-PSS in plain JavaScript), its own requests,
 * its own reading of the answers. It places and cancels over the V2 endpoints. It has no feed, no amend, decrease or
 * batch, and it cancels without `market_ticker`, so on shard 0 only.
 */
describe('a second, independent client (ccxt)', () => {
  let local: LocalExchange;
  let world: FixtureWorld;
  let client: InstanceType<typeof prediction.kalshi>;
  const connect = (apiKey: string) => {
    const made = new prediction.kalshi({
      apiKey,
      privateKey: KEYS.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      enableRateLimit: false,
    });
    made.urls.api = { kalshi: local.restUrl };
    return made;
  };
  beforeAll(async () => {
    ({ local, world } = await startFixture({ wallClock: Date.now, tier: 'prestige' }));
    client = connect(KEY_ID);
  });
  afterAll(async () => {
    await client.close();
    await local.close();
  });

  it('reads the status, the markets, an event, a ticker and a book', async () => {
    expect((await client.fetchStatus()).status).toBe('ok');
    const markets = (await client.fetchMarkets()) as unknown as { id: string; active: boolean }[];
    expect(markets.map(({ id, active }) => [id, active])).toEqual([
      [GOLD, true],
      [COIN, true],
    ]);
    const [event] = await client.fetchEvents({ eventId: EVENT });
    expect([event!.id, event!.category, event!.markets!.length]).toEqual([EVENT, 'commodities', 1]);
    expect(await client.fetchTicker(GOLD)).toMatchObject({
      bid: 0.45,
      bidVolume: 100,
      ask: 0.55,
      askVolume: 100,
    });
    const book = await client.fetchOrderBook(GOLD);
    expect([book.bids, book.asks]).toEqual([
      [
        [0.45, 100],
        [0.44, 200],
      ],
      [
        [0.55, 100],
        [0.56, 200],
      ],
    ]);
    expect(await client.fetchTicker(LATER)).toMatchObject({ bid: undefined, bidVolume: 0 });
  });

  it('places, reads, replaces and cancels an order, and sees its cash come and go', async () => {
    const before = await client.fetchBalance();
    expect(before.USD).toMatchObject({ total: 1_000 });
    const placed = await client.createOrder(GOLD, 'limit', 'buy', 2, 0.47, { client_order_id: 'second-1' });
    expect(placed).toMatchObject({ clientOrderId: 'second-1', status: 'open', filled: 0, remaining: 2 });
    const read = await client.fetchOrder(placed.id!);
    expect(read).toMatchObject({ id: placed.id, status: 'open', side: 'buy', price: 0.47, amount: 2 });
    expect((await client.fetchOpenOrders()).map(({ id }) => id)).toEqual([placed.id]);
    const held = await client.fetchBalance();
    expect(Number(held.USD?.total)).toBeLessThan(1_000);

    const replaced = await client.editOrder(placed.id!, GOLD, 'limit', 'buy', 3, 0.5);
    expect(replaced).toMatchObject({ status: 'open', price: 0.5, remaining: 3 });
    expect((await client.fetchOrder(placed.id!)).status).toBe('canceled');
    expect((await client.cancelOrder(replaced.id!, GOLD)).status).toBe('canceled');
    expect(await client.fetchOpenOrders()).toEqual([]);
    expect((await client.fetchBalance()).USD).toMatchObject({ total: 1_000 });
    expect(local.exchange.orders('alice').map(({ status }) => status)).toEqual(['canceled', 'canceled']);
  });

  it('trades: fills, position, public trade and fee are those of the exchange’s own books', async () => {
    const order = await client.createOrder(GOLD, 'limit', 'buy', 2, 0.56, { timeInForce: 'IOC' });
    expect(order).toMatchObject({ status: 'closed', filled: 2, remaining: 0 });
    const [own] = local.exchange.fills('alice');
    const [fill] = await client.fetchMyTrades();
    expect(fill).toMatchObject({
      id: own!.fillId,
      order: order.id,
      price: 0.55,
      amount: 2,
      takerOrMaker: 'taker',
    });
    expect(fill!.fee?.cost).toBe(own!.fee / 1_000_000);
    const [trade] = await client.fetchTrades(GOLD);
    expect(trade).toMatchObject({ price: 0.55, amount: 2, side: 'buy' });
    const [position] = await client.fetchPositions();
    expect(position!.outcomeId).toBe(GOLD);
    expect(position!.info).toMatchObject({ position_fp: '2.00', fees_paid_dollars: '0.034700' });
  });

  it('buys NO as an ask at the complement, on another shard', async () => {
    const order = await client.createOrder(`${COIN}-NO`, 'limit', 'buy', 1, 0.4);
    expect(local.exchange.orders('alice').at(-1)).toMatchObject({ ticker: COIN, side: 'ask', price: 6_000 });
    expect(await client.fetchOrder(order.id)).toMatchObject({ id: order.id, status: 'open' });
    // It names neither market nor shard, and the exchange then looks on shard 0.
    await expect(client.cancelOrder(order.id, `${COIN}-NO`)).rejects.toThrow('not_found');
    world.exchange.cancelAll('alice');
  });

  it('is told of refusals in a way that it understands', async () => {
    await expect(client.createOrder(GOLD, 'limit', 'buy', 1, 0.555)).rejects.toThrow('invalid_price');
    await expect(client.createOrder(GOLD, 'limit', 'buy', 99_999, 0.4)).rejects.toThrow(
      'insufficient_balance',
    );
    await expect(client.fetchOrder('nobody')).rejects.toMatchObject({ name: 'BadSymbol' });
    const early = { time_in_force: 'fill_or_kill' };
    await expect(client.createOrder(GOLD, 'limit', 'buy', 500, 0.55, early)).rejects.toMatchObject({
      name: 'OrderNotFillable',
    });
    await expect(
      client.createOrder(GOLD, 'limit', 'buy', 1, 0.56, { post_only: true }),
    ).rejects.toMatchObject({
      name: 'InvalidOrder',
    });
    await expect(connect('stranger').fetchBalance()).rejects.toMatchObject({ name: 'AuthenticationError' });
  });

  it('sees a settlement', async () => {
    world.exchange.determine(GOLD, 'yes');
    world.exchange.advanceTo(Timestamp.of(world.exchange.nowMs + 10_000));
    const [settled] = await client.fetchSettlements();
    expect(settled!.info).toMatchObject({ ticker: GOLD, market_result: 'yes', revenue: 200 });
  });
});

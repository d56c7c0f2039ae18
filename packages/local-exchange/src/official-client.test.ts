import { readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration, MarketApi, OrdersApi, PortfolioApi } from 'kalshi-typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { makeKeyPair } from './access/key-pair.ts';
import { createLocalExchange } from './local-exchange.ts';
import { COIN, fixtureWorld, GOLD } from './testing/fixture-world.ts';

const dir = join(tmpdir(), `local-exchange-keys-${process.pid}`);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the official client', () => {
  it('lists markets, reads a book, and places, reads and cancels an order', async () => {
    const { keyId, privateKeyPath, publicKey } = await makeKeyPair(dir);
    expect((await stat(privateKeyPath)).mode & 0o777).toBe(0o600);
    const local = await createLocalExchange({
      world: { kind: 'custom', world: fixtureWorld() },
      users: [{ userId: 'sdk', keyId, publicKey, cashDollars: 500 }],
    });
    const configuration = new Configuration({
      basePath: local.restUrl,
      apiKey: keyId,
      privateKeyPem: await readFile(privateKeyPath, 'utf8'),
    });
    const markets = new MarketApi(configuration);
    const orders = new OrdersApi(configuration);

    const listed = (await markets.getMarkets()).data.markets;
    expect(listed.map((market) => market.ticker)).toContain(GOLD);
    const book = (await markets.getMarketOrderbook(GOLD)).data.orderbook_fp;
    expect(book.yes_dollars.at(-1)).toEqual(['0.4500', '100.00']);

    const placed = await orders.createOrderV2({
      ticker: COIN,
      side: 'bid',
      count: '2.00',
      price: '0.4700',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
      client_order_id: 'sdk-1',
    });
    expect([placed.status, placed.data.remaining_count]).toEqual([201, '2.00']);
    const { order } = (await orders.getOrder(placed.data.order_id)).data;
    expect([order.status, order.yes_price_dollars, order.exchange_index]).toEqual(['resting', '0.4700', 2]);
    const balance = (await new PortfolioApi(configuration).getBalance()).data;
    expect(balance.balance_dollars).toMatch(/^499\.0/);
    const canceled = await orders.cancelOrderV2(placed.data.order_id, undefined, undefined, COIN);
    expect(canceled.data.reduced_by).toBe('2.00');
    expect((await orders.getOrders()).data.orders[0]!.status).toBe('canceled');
    await local.close();
  });
});

import { Ticker } from '@kalshi-mm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, GOLD, LATER, START_MS } from '../testing/fixture-world.ts';
import { answerOf, startFixture } from '../testing/local-client.ts';

describe('public market data over real HTTP', () => {
  let local: LocalExchange;
  beforeAll(async () => {
    ({ local } = await startFixture());
  });
  afterAll(() => local.close());

  const get = async (path: string) => answerOf(await fetch(local.restUrl + path));
  const tickers = async (query: string) =>
    (await get(`/markets${query}`)).body.markets.map((market: { ticker: string }) => market.ticker);

  it('shows a market with strings for prices and counts', async () => {
    const { market } = (await get(`/markets/${COIN}`)).body;
    expect(market).toMatchObject({
      ticker: COIN,
      event_ticker: 'KXBTC15M-26OCT051015',
      status: 'active',
      result: '',
      yes_bid_dollars: '0.4500',
      yes_ask_dollars: '0.5500',
      no_bid_dollars: '0.4500',
      no_ask_dollars: '0.5500',
      yes_bid_size_fp: '100.00',
      open_time: '2026-10-05T14:00:00.000000Z',
      price_level_structure: 'tapered_deci_cent',
      floor_strike: 4012.5,
      exchange_index: 2,
    });
    expect(market.price_ranges[0]).toEqual({ start: '0.0000', end: '0.1000', step: '0.0010' });
  });

  it('marks the empty sides of a market', async () => {
    expect((await get(`/markets/${LATER}`)).body.market).toMatchObject({
      status: 'initialized',
      yes_bid_dollars: '0.0000',
      yes_ask_dollars: '1.0000',
      no_bid_dollars: '0.0000',
      no_ask_dollars: '1.0000',
    });
    expect((await get(`/markets/${LATER}/orderbook`)).body).toEqual({
      orderbook_fp: { yes_dollars: [], no_dollars: [] },
    });
  });

  it('shows bids of both legs, best last', async () => {
    expect((await get(`/markets/${GOLD}/orderbook`)).body.orderbook_fp).toEqual({
      yes_dollars: [
        ['0.4400', '200.00'],
        ['0.4500', '100.00'],
      ],
      no_dollars: [
        ['0.4400', '200.00'],
        ['0.4500', '100.00'],
      ],
    });
    expect((await get(`/markets/${GOLD}/orderbook?depth=1`)).body.orderbook_fp).toEqual({
      yes_dollars: [['0.4500', '100.00']],
      no_dollars: [['0.4500', '100.00']],
    });
    const several = (await get(`/markets/orderbooks?tickers=${GOLD}&tickers=${COIN}`)).body.orderbooks;
    expect(several.map((one: { ticker: string }) => one.ticker)).toEqual([GOLD, COIN]);
  });

  it('filters and pages the list', async () => {
    expect(await tickers('')).toEqual([GOLD, COIN, LATER]);
    expect(await tickers('?status=open&mve_filter=exclude')).toEqual([GOLD, COIN]);
    expect(await tickers('?status=unopened')).toEqual([LATER]);
    expect(await tickers('?series_ticker=KXGOLD15M')).toEqual([GOLD, LATER]);
    expect(await tickers(`?tickers=${COIN},${LATER}`)).toEqual([COIN, LATER]);
    expect(await tickers('?mve_filter=only')).toEqual([]);
    expect(await tickers(`?max_close_ts=${START_MS / 1_000 + 900}`)).toEqual([GOLD, COIN]);
    expect(await tickers(`?min_close_ts=${START_MS / 1_000 + 901}`)).toEqual([LATER]);
    const first = (await get('/markets?limit=2')).body;
    expect(first.markets).toHaveLength(2);
    const second = (await get(`/markets?limit=2&cursor=${first.cursor}`)).body;
    expect([second.markets.length, second.cursor]).toEqual([1, '']);
    expect(await tickers('?cursor=rubbish')).toEqual([GOLD, COIN, LATER]);
  });

  it.each([
    ['/markets?limit=1001', /GetMarketsParams\.Limit.*'lte' tag/],
    ['/markets?limit=many', /GetMarketsParams\.Limit/],
    ['/markets?status=active', /GetMarketsParams\.Status.*'oneof' tag/],
    ['/markets?status=open&max_close_ts=1', /GetMarketsParams\.MaxCloseTs/],
    ['/markets/trades?limit=1001', /GetTradesParams\.Limit/],
    ['/events?limit=201', /GetEventsParams\.Limit/],
  ])('refuses %s with the validator text', async (path, text) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ msg: expect.stringMatching(text) });
  });

  it('derives events and series', async () => {
    const list = (await get('/events?series_ticker=KXGOLD15M&with_nested_markets=true')).body;
    expect(list.events.map((event: { event_ticker: string }) => event.event_ticker)).toEqual([
      'KXGOLD15M-26OCT051015',
      'KXGOLD15M-26OCT051030',
    ]);
    expect(list.events[0].markets[0].ticker).toBe(GOLD);
    const one = (await get('/events/KXBTC15M-26OCT051015')).body;
    expect([one.event.category, one.markets[0].ticker]).toEqual(['crypto', COIN]);
    const { series } = (await get('/series/KXBTC15M')).body;
    expect(series).toMatchObject({ ticker: 'KXBTC15M', fee_type: 'quadratic', fee_multiplier: 1 });
    expect((await get('/series?category=Crypto')).body.series).toHaveLength(1);
    expect((await get('/series/NOPE')).status).toBe(404);
  });

  it('keeps combinations apart', async () => {
    const combination = { ...local.exchange.market(GOLD)!, eventTicker: 'KXMVEX-1', seriesTicker: 'KXMVEX' };
    local.exchange.listMarket({ ...combination, ticker: Ticker.of('KXMVEX-1-A') });
    expect(await tickers('')).toContain('KXMVEX-1-A');
    expect(await tickers('?mve_filter=exclude')).not.toContain('KXMVEX-1-A');
    expect(await tickers('?mve_filter=only')).toEqual(['KXMVEX-1-A']);
    const names = async (path: string) =>
      (await get(path)).body.events.map((event: { event_ticker: string }) => event.event_ticker);
    expect(await names('/events')).not.toContain('KXMVEX-1');
    expect(await names('/events/multivariate')).toEqual(['KXMVEX-1']);
  });

  it('says 501 below the prefix and 404 elsewhere, with the clock on every answer', async () => {
    const missing = await get('/communications/rfqs');
    expect([missing.status, missing.body.error.code]).toEqual([501, 'not_implemented']);
    expect(missing.headers.get('x-exchange-clock')).toBe(`now=${START_MS}; speed=1`);
    const outside = await fetch(new URL('/', local.restUrl));
    expect(outside.status).toBe(404);
    expect((await get('/account/endpoint_costs')).body).toMatchObject({ default_cost: 10 });
    expect((await get('/exchange/user_data_timestamp')).body).toEqual({
      as_of_time: '2026-10-05T14:00:00.000000Z',
    });
  });
});

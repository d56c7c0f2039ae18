import { FeeSchedule, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { COIN, GOLD, LATER, START_MS } from '../testing/fixture-world.ts';
import { openFeed, startFixture } from '../testing/local-client.ts';

const CHANNELS = ['market_lifecycle_v2', 'multivariate_market_lifecycle'];
const NOW = START_MS / 1_000;

async function start() {
  const { local, world, wall } = await startFixture();
  const feed = await openFeed(local, wall);
  feed.send({ id: 1, cmd: 'subscribe', params: { channels: CHANNELS } });
  await feed.settled();
  const told = async () => {
    local.turn();
    await feed.settled();
    return feed.messages.filter(({ type }) => type !== 'subscribed' && type !== 'ok');
  };
  return { local, exchange: world.exchange, wall, told };
}

describe('the lifecycle on the feed', () => {
  it('tells of a new event once, then of each new market, with everything about it', async () => {
    const { local, exchange, told } = await start();
    const listed = exchange.market(LATER)!;
    const market = {
      ...listed,
      eventTicker: 'KXNEW-1',
      seriesTicker: 'KXNEW',
      status: 'initialized' as const,
      openMs: Timestamp.of(START_MS + 60_000),
      closeMs: Timestamp.of(START_MS + 120_000),
    };
    for (const name of ['A', 'B']) exchange.listMarket({ ...market, ticker: Ticker.of(`KXNEW-1-${name}`) });
    // A further market of an event that was there before.
    exchange.listMarket({ ...market, eventTicker: listed.eventTicker, ticker: Ticker.of('KXNEW-1-C') });
    const messages = await told();
    expect(messages.map(({ type, seq }) => [type, seq])).toEqual([
      ['event_lifecycle', 1],
      ['market_lifecycle_v2', 2],
      ['market_lifecycle_v2', 3],
      ['market_lifecycle_v2', 4],
    ]);
    expect(messages[0].msg).toEqual({
      event_ticker: 'KXNEW-1',
      exchange_index: 0,
      title: expect.any(String),
      subtitle: '',
      collateral_return_type: '',
      series_ticker: 'KXNEW',
    });
    expect(messages[1].msg).toEqual({
      event_type: 'created',
      market_ticker: 'KXNEW-1-A',
      exchange_index: 0,
      open_ts: NOW + 60,
      close_ts: NOW + 120,
      price_level_structure: 'linear_cent',
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
      additional_metadata: {
        name: expect.any(String),
        title: expect.any(String),
        yes_sub_title: expect.any(String),
        no_sub_title: expect.any(String),
        rules_primary: '',
        rules_secondary: '',
        can_close_early: true,
        event_ticker: 'KXNEW-1',
        expected_expiration_ts: NOW + 120,
        strike_type: 'greater_or_equal',
        floor_strike: 4012.5,
      },
    });
    await local.close();
  });

  it('tells every change that somebody makes, in its own words', async () => {
    const { local, exchange, told } = await start();
    exchange.setMarketActive(GOLD, false);
    exchange.setMarketActive(GOLD, true);
    exchange.updateMarket(GOLD, { floorStrike: '4020' });
    exchange.updateMarket(GOLD, { grid: DECI_CENT });
    exchange.setEventFees('KXGOLD15M-26OCT051015', FeeSchedule.QUADRATIC);
    exchange.setEventFees('KXGOLD15M-26OCT051015', null);
    exchange.setCloseTime(GOLD, exchange.nowMs);
    exchange.setCloseTime(GOLD, Timestamp.of(START_MS + 60_000));
    exchange.determine(GOLD, 'no');
    const named = { market_ticker: GOLD, exchange_index: 0 };
    expect(
      (await told()).map(({ type, msg }) => (type === 'market_lifecycle_v2' ? msg : [type, msg])),
    ).toEqual([
      { event_type: 'deactivated', ...named, is_deactivated: true },
      { event_type: 'activated', ...named, is_deactivated: false },
      {
        event_type: 'metadata_updated',
        ...named,
        strike_type: 'greater_or_equal',
        floor_strike: 4020,
        yes_sub_title: expect.any(String),
      },
      {
        event_type: 'price_level_structure_updated',
        ...named,
        price_level_structure: 'deci_cent',
        price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0010' }],
      },
      [
        'event_fee_update',
        {
          event_ticker: 'KXGOLD15M-26OCT051015',
          fee_type_override: 'quadratic',
          fee_multiplier_override: 1,
        },
      ],
      [
        'event_fee_update',
        {
          event_ticker: 'KXGOLD15M-26OCT051015',
          fee_type_override: null,
          fee_multiplier_override: null,
        },
      ],
      { event_type: 'close_date_updated', ...named, close_ts: NOW },
      { event_type: 'close_date_updated', ...named, close_ts: NOW + 60 },
      { event_type: 'activated', ...named, is_deactivated: false },
      {
        event_type: 'determined',
        ...named,
        determination_ts: NOW,
        result: 'no',
        settlement_value: '0.0000',
      },
    ]);
    await local.close();
  });

  it('tells an amended result as a second determination, a dispute not at all, and the payout', async () => {
    const { local, exchange, wall, told } = await start();
    exchange.determine(GOLD, 'yes');
    exchange.dispute(GOLD);
    exchange.redetermine(GOLD, 'scalar', Price.of(2_500));
    local.start();
    wall.ms += 2_000;
    local.turn();
    expect((await told()).map(({ msg }) => [msg.event_type, msg.result, msg.settlement_value])).toEqual([
      ['determined', 'yes', '1.0000'],
      ['determined', 'scalar', '0.2500'],
      ['settled', undefined, undefined],
    ]);
    await local.close();
  });

  it('says nothing when the clock opens and closes a market', async () => {
    const { local, exchange, wall, told } = await start();
    local.start();
    wall.ms += 15 * 60_000;
    local.turn();
    expect([GOLD, COIN, LATER].map((ticker) => exchange.market(ticker)!.status)).not.toContain('initialized');
    const types = (await told()).map(({ msg }) => msg.event_type);
    expect(types.filter((type) => type !== 'determined' && type !== 'settled')).toEqual([]);
    await local.close();
  });

  it('tells of combinations on a channel of their own', async () => {
    const { local, exchange, told } = await start();
    const combo = {
      ...exchange.market(GOLD)!,
      ticker: Ticker.of('KXMVESPORTS-1-A'),
      eventTicker: 'KXMVESPORTS-1',
    };
    exchange.listMarket(combo);
    exchange.setEventFees('KXMVESPORTS-1', FeeSchedule.QUADRATIC);
    exchange.setMarketActive(GOLD, false);
    expect((await told()).map(({ type, sid, seq }) => [type, sid, seq])).toEqual([
      ['event_lifecycle', 2, 1],
      ['multivariate_market_lifecycle', 2, 2],
      ['event_fee_update', 2, 3],
      ['market_lifecycle_v2', 1, 1],
    ]);
    await local.close();
  });
});

const DECI_CENT = PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 10 }]);

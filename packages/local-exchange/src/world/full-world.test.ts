import { CALENDARS } from '@kalshi-mm/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import { call, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';
import { misfits } from '../testing/official-shapes.ts';

const MINUTE = 60_000;
const wall = { ms: 1_790_000_000_000 };
const users = [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 }];
let local: LocalExchange;

beforeAll(async () => {
  local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 1, config: { ...CALENDARS.full, pauses: null, voidShare: 0 } },
    users,
    wallClock: () => wall.ms,
  });
});
afterAll(() => local.close());

const get = async (path: string) => (await call(local, wall, 'GET', path)).body;

/** As far as it takes, in turns. */
function play(ms: number): void {
  const endMs = local.exchange.nowMs + ms;
  while (local.exchange.nowMs < endMs) {
    wall.ms += Math.min(1000, endMs - local.exchange.nowMs);
    local.turn();
  }
}

describe('a full calendar behind the wire', () => {
  it('has hundreds of open markets, page by page', async () => {
    const seen = new Set<string>();
    let cursor = '';
    do {
      const page = await get(`/markets?status=open&mve_filter=exclude&limit=150&cursor=${cursor}`);
      for (const market of page.markets) {
        seen.add(market.ticker);
        expect(misfits(market, 'Market')).toEqual([]);
      }
      cursor = page.cursor;
    } while (cursor !== '');
    expect(seen.size).toBeGreaterThan(400);
  });

  it('tells strikes, sub-titles, timers and times of a market', async () => {
    const { markets } = await get('/markets?series_ticker=KXBTC15M&status=open');
    const [market] = markets;
    expect(market).toMatchObject({
      strike_type: 'greater_or_equal',
      floor_strike: expect.any(Number),
      yes_sub_title: expect.stringMatching(/^Target price: \$/),
      settlement_timer_seconds: 1,
      price_level_structure: 'tapered_deci_cent',
      exchange_index: 2,
    });
    const range = await get('/markets?series_ticker=KXBTC&status=open&limit=1000');
    const bucket = range.markets.find((one: { strike_type: string }) => one.strike_type === 'between');
    expect(bucket.cap_strike - bucket.floor_strike).toBeCloseTo(250, 6);
  });

  it('describes events and series, with the override of their fees', async () => {
    const { events, milestones } = await get(
      '/events?series_ticker=KXMLBGAME&with_nested_markets=true&with_milestones=true',
    );
    expect(misfits(events[0], 'EventData')).toEqual([]);
    expect(events[0]).toMatchObject({
      mutually_exclusive: true,
      title: expect.stringMatching(/ at /),
      fee_type_override: 'quadratic_with_maker_fees',
      fee_multiplier_override: 0.5,
    });
    expect(events[0].markets).toHaveLength(2);
    expect(milestones.length).toBe(events.length);
    const { series } = await get('/series/KXMLBGAME');
    expect(misfits(series, 'Series')).toEqual([]);
    expect(series).toMatchObject({ fee_multiplier: 1, tags: ['Pro Baseball'], frequency: 'custom' });
    const { event_fee_changes } = await get(`/events/fee_changes?event_ticker=${events[0].event_ticker}`);
    expect(event_fee_changes).toMatchObject([{ series_ticker: 'KXMLBGAME', fee_multiplier_override: 0.5 }]);
    const ladder = await get('/events?series_ticker=KXBTCD');
    expect(ladder.events[0]).toMatchObject({ mutually_exclusive: false, strike_period: 'hourly' });
    expect((await get('/search/tags_by_categories')).tags_by_categories.sports).toContain('Pro Hockey');
  });

  it('ties a game to its events by a milestone, and shows how it stands', async () => {
    const { milestones } = await get('/milestones?limit=100&type=baseball_game');
    expect(milestones.length).toBeGreaterThan(3);
    for (const milestone of milestones) expect(misfits(milestone, 'Milestone')).toEqual([]);
    const game = milestones.toSorted((a: { start_date: string }, b: { start_date: string }) =>
      a.start_date < b.start_date ? -1 : 1,
    )[0];
    expect((await get(`/milestones/${game.id}`)).milestone).toEqual(game);
    const related = await get(`/milestones?limit=5&related_event_ticker=${game.related_event_tickers[2]}`);
    expect(related.milestones).toEqual([game]);
    const { live_data } = await get(`/live_data/milestone/${game.id}`);
    expect(misfits(live_data, 'LiveData')).toEqual([]);
    expect(live_data).toMatchObject({
      milestone_id: game.id,
      type: 'baseball_game',
      details: { status: 'none' },
    });
    expect((await get(`/live_data/batch?milestone_ids=${game.id}&milestone_ids=x`)).live_datas).toEqual([
      live_data,
    ]);
    expect((await get(`/live_data/baseball_game/milestone/${game.id}`)).live_data).toEqual(live_data);
    expect(await get(`/live_data/milestone/${game.id}/game_stats`)).toEqual({ pbp: null });
    for (const path of ['/milestones/x', '/live_data/milestone/x', `/live_data/golf/milestone/${game.id}`]) {
      expect((await call(local, wall, 'GET', path)).status).toBe(404);
    }
    const filters = await get('/search/filters_by_sport');
    expect(misfits(filters, 'GetFiltersBySportsResponse')).toEqual([]);
    expect(filters.filters_by_sports.baseball.competitions).toEqual({
      'Pro Baseball': { scopes: ['Games'] },
    });
  });

  it('finds series by tag, with their volume', async () => {
    const { series } = await get('/series?tags=BTC&include_volume=true');
    expect(series.length).toBeGreaterThan(1);
    for (const one of series) expect(one).toMatchObject({ tags: expect.arrayContaining(['BTC']) });
    const { markets } = await get(`/markets?series_ticker=${series[0].ticker}&limit=1000`);
    const volume = markets.reduce(
      (sum: number, one: { volume_fp: string }) => sum + Number(one.volume_fp),
      0,
    );
    expect(Number(series[0].volume_fp)).toBeCloseTo(volume, 6);
    expect((await get(`/series/${series[0].ticker}`)).series.volume_fp).toBeUndefined();
  });

  it('charts a coin, and knows the hours', async () => {
    const { events } = await get('/events?series_ticker=KXBTCD');
    const { live_data } = await get(`/live_data/events/${events[0].event_ticker}`);
    expect(misfits(live_data, 'EventLiveData')).toEqual([]);
    expect(Number(live_data.details.price)).toBeGreaterThan(50_000);
    const { schedule } = await get('/exchange/schedule');
    expect(schedule.standard_hours[0].thursday).toHaveLength(2);
    expect(schedule.standard_hours[0].friday).toHaveLength(1);
  });

  it('announces a strike when it is known', async () => {
    const feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    await feed.settled();
    play(15 * MINUTE + 10_000);
    await feed.settled();
    const told = feed.messages.filter(
      ({ type, msg }) => type === 'market_lifecycle_v2' && msg.event_type === 'metadata_updated',
    );
    const bitcoin = told.find(({ msg }) => msg.market_ticker === 'KXBTC15M-26OCT051030-30');
    expect(bitcoin?.msg).toMatchObject({
      floor_strike: expect.any(Number),
      yes_sub_title: `Target price: $${bitcoin?.msg.floor_strike.toFixed(2)}`,
    });
    // What the feed said of a new window is what REST says.
    const created = feed.messages.find(
      ({ msg }) => msg?.event_type === 'created' && msg.market_ticker.startsWith('KXBTC15M'),
    )!.msg;
    const listed = (await get(`/markets/${created.market_ticker}`)).market;
    expect(created.additional_metadata).toMatchObject({
      rules_primary: expect.stringMatching(/^Pays if/),
      expected_expiration_ts: Date.parse(listed.expected_expiration_time) / 1_000,
    });
    expect(created.additional_metadata.rules_primary).toBe(listed.rules_primary);
    const { event_ticker } = created.additional_metadata;
    const { event } = await get(`/events/${event_ticker}`);
    const announced = feed.messages.find(
      ({ type, msg }) => type === 'event_lifecycle' && msg.event_ticker === event_ticker,
    );
    expect(announced?.msg.strike_date).toBe(Date.parse(event.strike_date) / 1_000);
    const { market } = await get('/markets/KXBTC15M-26OCT051015-15');
    expect(market).toMatchObject({
      status: 'finalized',
      expiration_value: expect.stringMatching(/^\d+\.\d\d$/),
    });
    const next = (await get('/markets/KXBTC15M-26OCT051030-30')).market;
    expect(next.no_sub_title).toBe(next.yes_sub_title);
    expect(market.expiration_value).toBe(bitcoin?.msg.floor_strike.toFixed(2));
  });
});

it('a calendar of one’s own is refused when it cannot be', async () => {
  const config = { ...CALENDARS.small, voidShare: 2 };
  const start = createLocalExchange({ world: { kind: 'synthetic', seed: 1, config }, users });
  await expect(start).rejects.toMatchObject({ code: 'bad-world' });
});

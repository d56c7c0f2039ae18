import { Count, FeeSchedule, Money, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import type { ExchangeOutput, Result } from './exchange-api.ts';
import { createReplayExchange } from './replay-feed.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const at = Timestamp.of;
const MAKER_FEES: FeeSchedule = { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 };
const DOUBLE: FeeSchedule = { type: 'quadratic', multiplierMicros: 2_000_000 };

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.details ?? ''}`);
  return result.value;
}

/** Ann is long 10 at 50 cents against bob; everything settles 5 s after its result. */
function setUp(change: Parameters<typeof sampleMarket>[0] = {}) {
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed: 1, onOutput: (output) => outputs.push(output) });
  for (const user of ['ann', 'bob']) exchange.addUser(user, Money.fromDollars(100));
  exchange.listMarket(sampleMarket({ closeMs: at(60_000), ...change }), { settlementTimerMs: 5_000 });
  ok(exchange.place('bob', sampleOrder('ask', 50, 10)));
  ok(exchange.place('ann', sampleOrder('bid', 50, 10)));
  const told = () =>
    outputs.flatMap((output) => (output.type === 'market' ? [[output.change, output.atMs]] : [])).slice(1);
  const place = (user: string, side: 'bid' | 'ask', price: number, count: number) =>
    ok(exchange.place(user, sampleOrder(side, price, count)));
  const cash = (user: string) => exchange.balance(user)!.cash;
  return { exchange, outputs, told, place, cash };
}

describe('a result', () => {
  it('that is disputed is not paid until it is determined anew', () => {
    const { exchange, told, cash } = setUp();
    const before = cash('ann');
    exchange.advanceTo(at(60_000));
    exchange.determine(T, 'yes');
    exchange.advanceTo(at(64_999));
    exchange.dispute(T);
    exchange.dispute(T);
    expect(exchange.market(T)).toMatchObject({ status: 'disputed', result: 'yes', settledMs: null });
    exchange.advanceTo(at(900_000));
    expect(cash('ann')).toBe(before);
    exchange.redetermine(T, 'no');
    expect(exchange.market(T)).toMatchObject({ status: 'amended', result: 'no', settlementPrice: 0 });
    exchange.advanceTo(at(904_999));
    expect(exchange.settlements('ann')).toEqual([]);
    exchange.advanceTo(at(905_000));
    expect(exchange.market(T)).toMatchObject({ status: 'finalized', result: 'no', settledMs: 905_000 });
    expect(cash('ann')).toBe(before);
    expect(exchange.settlements('bob')).toMatchObject([{ revenue: 10_000_000, position: -1000 }]);
    expect(told()).toEqual([
      ['closed', 60_000],
      ['determined', 60_000],
      ['disputed', 64_999],
      ['amended', 900_000],
      ['settled', 905_000],
    ]);
  });

  it('can be amended again and again, each time from the start of the timer, and upheld', () => {
    const { exchange, cash } = setUp();
    exchange.determine(T, 'yes');
    const before = cash('ann');
    exchange.advanceTo(at(3_000));
    exchange.redetermine(T, 'no');
    exchange.advanceTo(at(6_000));
    exchange.redetermine(T, 'yes');
    exchange.advanceTo(at(10_999));
    expect(exchange.market(T)!.status).toBe('amended');
    exchange.advanceTo(at(11_000));
    expect(cash('ann')).toBe(before + Money.fromDollars(10));
    expect(exchange.settlements('ann')).toHaveLength(1);
  });

  it('of a void pays a price to both sides', () => {
    const { exchange, cash } = setUp();
    const before = cash('ann') + cash('bob');
    exchange.determine(T, 'yes');
    exchange.redetermine(T, 'scalar', Price.of(4_200));
    exchange.advanceTo(at(5_000));
    expect(exchange.market(T)).toMatchObject({ result: 'scalar', settlementPrice: 4_200 });
    expect(exchange.settlements('ann')[0]!.revenue).toBe(4_200_000);
    expect(exchange.settlements('bob')[0]!.revenue).toBe(5_800_000);
    expect(cash('ann') + cash('bob')).toBe(before + Money.fromDollars(10));
  });

  it('can be disputed or amended only while it is to be paid', () => {
    const { exchange } = setUp();
    for (const act of [() => exchange.dispute(T), () => exchange.redetermine(T, 'no')]) {
      expect(act).toThrow('no result that is still to be paid');
    }
    exchange.determine(T, 'yes');
    expect(() => exchange.determine(T, 'no')).toThrow('has a result already');
    expect(() => exchange.setCloseTime(T, at(90_000))).toThrow('cannot move');
    exchange.advanceTo(at(5_000));
    expect(() => exchange.dispute(T)).toThrow('no result that is still to be paid');
    expect(() => exchange.redetermine(T, 'no')).toThrow('no result that is still to be paid');
  });
});

describe('a close', () => {
  it('comes early when its time is moved, and cancels what rests', () => {
    const { exchange, told, place } = setUp();
    const { order } = place('ann', 'bid', 40, 1);
    exchange.advanceTo(at(10_000));
    exchange.setCloseTime(T, at(20_000));
    exchange.advanceTo(at(19_999));
    expect(order.status).toBe('resting');
    exchange.advanceTo(at(20_000));
    expect(order).toMatchObject({ status: 'canceled', lastUpdateReason: 'CloseCancel' });
    exchange.advanceTo(at(60_000));
    expect(told()).toEqual([
      ['close-date', 10_000],
      ['closed', 20_000],
    ]);
  });

  it('that moves to the future opens a closed market again', () => {
    const { exchange, told, place } = setUp({ result: 'yes' });
    exchange.setCloseTime(T, at(0));
    expect(exchange.market(T)!.status).toBe('closed');
    exchange.setCloseTime(T, at(30_000));
    expect(exchange.market(T)!.status).toBe('active');
    exchange.advanceTo(at(20_000));
    // The result that was planned for the first close has not come.
    expect(exchange.market(T)!.status).toBe('active');
    place('ann', 'bid', 40, 1);
    exchange.advanceTo(at(70_000));
    expect(told()).toEqual([
      ['close-date', 0],
      ['closed', 0],
      ['close-date', 0],
      ['activated', 0],
      ['closed', 30_000],
      ['determined', 30_000],
      ['settled', 35_000],
    ]);
  });

  it('of a paused market stays a close', () => {
    const { exchange, place } = setUp();
    const { order } = place('ann', 'bid', 40, 1);
    exchange.setMarketActive(T, false);
    expect(exchange.place('ann', sampleOrder('bid', 40, 1))).toMatchObject({
      error: { code: 'market_inactive' },
    });
    expect(order.status).toBe('resting');
    exchange.advanceTo(at(60_000));
    exchange.setMarketActive(T, true);
    expect(exchange.market(T)!.status).toBe('closed');
    expect(order.lastUpdateReason).toBe('CloseCancel');
  });
});

it('a strike may come late', () => {
  const { exchange, told } = setUp();
  exchange.advanceTo(at(500));
  exchange.updateMarket(T, { floorStrike: '62926.4', strikeType: 'greater' });
  expect(exchange.market(T)).toMatchObject({ floorStrike: '62926.4', strikeType: 'greater' });
  expect(told()).toEqual([['metadata', 500]]);
});

describe('fees that change while a market trades', () => {
  it('are charged from then on, and held back for what rests', () => {
    const { exchange, told, place } = setUp();
    place('ann', 'bid', 50, 10);
    const heldBefore = exchange.balance('ann')!.reserved;
    place('bob', 'ask', 50, 1);
    exchange.updateMarket(T, { fees: MAKER_FEES });
    place('bob', 'ask', 50, 1);
    expect(exchange.fills('ann').map((fill) => fill.fee)).toEqual([175_000, 0, 4_400]);
    exchange.updateMarket(T, { fees: DOUBLE });
    exchange.updateMarket(T, { fees: DOUBLE });
    place('bob', 'ask', 50, 1);
    expect(exchange.fills('bob').map((fill) => fill.fee)).toEqual([0, 17_500, 17_500, 35_000]);
    // 7 contracts rest: at 50 cents and twice 1.75 cents of fee.
    expect(exchange.balance('ann')!.reserved).toBe(7 * (500_000 + 35_000));
    expect(heldBefore).toBe(10 * (500_000 + 17_500));
    expect(told().map(([change]) => change)).toEqual(['fees', 'fees']);
  });

  it('may be overridden for an event, its later markets included, and come back', () => {
    const { exchange, outputs, place } = setUp();
    const { eventTicker } = exchange.market(T)!;
    exchange.setEventFees(eventTicker, DOUBLE);
    exchange.listMarket(sampleMarket({ ticker: Ticker.of('KXTEST-2') }));
    exchange.listMarket(sampleMarket({ ticker: Ticker.of('KXTEST-3'), eventTicker: 'KXELSE' }));
    expect(exchange.markets().map((market) => market.fees.multiplierMicros)).toEqual([
      2_000_000, 2_000_000, 1_000_000,
    ]);
    // The market's own fees wait until the override is gone.
    exchange.updateMarket(T, { fees: MAKER_FEES });
    expect(exchange.market(T)!.fees).toEqual(DOUBLE);
    place('bob', 'ask', 50, 1);
    expect(place('ann', 'bid', 50, 1).fills[0]!.fee).toBe(35_000);
    exchange.setEventFees(eventTicker, null);
    expect(exchange.market(T)!.fees).toEqual(MAKER_FEES);
    expect(exchange.market(Ticker.of('KXTEST-2'))!.fees).toEqual(FeeSchedule.QUADRATIC);
    expect(outputs.filter((output) => output.type === 'event-fees')).toEqual([
      { type: 'event-fees', eventTicker, fees: DOUBLE, atMs: 0 },
      { type: 'event-fees', eventTicker, fees: null, atMs: 0 },
    ]);
  });

  it('leave the queue as it was', () => {
    const { exchange, place } = setUp();
    const first = place('ann', 'bid', 40, 1).order;
    const second = place('ann', 'bid', 40, 1).order;
    exchange.updateMarket(T, { fees: DOUBLE });
    expect(exchange.queueAhead(second.orderId)).toBe(Count.of(100));
    place('bob', 'ask', 40, 1);
    expect([first.status, second.status]).toEqual(['executed', 'resting']);
    ok(exchange.cancel('ann', second.orderId));
    expect(exchange.balance('ann')!.reserved).toBe(0);
  });
});

describe('a grid that changes while a market trades', () => {
  const tapered = PriceGrid.of([
    { start: Price.of(0), end: Price.of(1_000), step: 10 },
    { start: Price.of(1_000), end: Price.of(10_000), step: 100 },
  ]);

  it('keeps the queues and takes new prices', () => {
    const { exchange, told, place } = setUp();
    const first = place('ann', 'bid', 5, 1).order;
    const second = place('ann', 'bid', 5, 1).order;
    const high = place('ann', 'bid', 40, 2).order;
    const fine = sampleOrder('bid', 5, 1, { price: Price.of(510) });
    expect(exchange.place('ann', fine)).toMatchObject({ error: { code: 'invalid_price' } });
    exchange.updateMarket(T, { grid: tapered });
    expect(told()).toEqual([['grid', 0]]);
    expect(exchange.market(T)!.grid).toBe(tapered);
    const between = ok(exchange.place('ann', fine)).order;
    expect(exchange.queueAhead(second.orderId)).toBe(Count.of(100));
    const sold = place('bob', 'ask', 5, 4);
    expect(sold.fills.map((fill) => [fill.price, fill.count])).toEqual([
      [4_000, 200],
      [510, 100],
      [500, 100],
    ]);
    expect([high, between, first, second].map((order) => order.status)).toEqual([
      'executed',
      'executed',
      'executed',
      'resting',
    ]);
    expect(exchange.book(T).bestBid()).toBe(500);
  });

  it('takes off what rests at a price that is no more', () => {
    const { exchange } = setUp({ grid: tapered });
    const gone = ok(exchange.place('ann', sampleOrder('bid', 5, 1, { price: Price.of(510) }))).order;
    const stays = ok(exchange.place('ann', sampleOrder('bid', 5, 1))).order;
    exchange.updateMarket(T, { grid: PriceGrid.cent() });
    expect([gone.status, stays.status]).toEqual(['canceled', 'resting']);
    expect(exchange.book(T).countAt('bid', Price.of(500))).toBe(100);
    ok(exchange.cancel('ann', stays.orderId));
    expect(exchange.balance('ann')!.reserved).toBe(0);
  });

  it('does not change on a recorded market', () => {
    const { exchange } = createReplayExchange({ idSeed: 1, markets: [sampleMarket()] });
    expect(() => exchange.updateMarket(T, { grid: tapered })).toThrow('cannot change');
  });
});

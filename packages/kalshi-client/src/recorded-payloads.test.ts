import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { WireError } from '@kalshi-mm/core';
import { dataPath } from '@kalshi-mm/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decode } from './decode.ts';
import { toActivity, toMarket } from './to-market.ts';
import { wireEvent } from './wire-event.ts';
import { marketAnswer } from './wire-market.ts';
import { orderBookAnswer } from './wire-order-book.ts';
import { fillsPage, positionsPage, toFill, toMarketPosition } from './wire-portfolio.ts';
import { seriesAnswer } from './wire-series.ts';

const production = dataPath('kalshi-rest-ws-2026-08');
const demo = dataPath('kalshi-demo-session');
const gold = dataPath('kalshi-gold15m-ws');

function json(path: string): any {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/** A changed copy must fail with this path in the message, and as a wire error. */
function expectRefusal(
  schema: z.ZodType,
  payload: unknown,
  change: (copy: any) => void,
  message: string,
): void {
  const copy = structuredClone(payload);
  change(copy);
  let error: unknown = null;
  try {
    decode(schema, copy, 'GET /x');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(WireError);
  expect((error as WireError).message).toContain(message);
}

describe.skipIf(production === null)('recorded in production, 2026-08 (../shared/data)', () => {
  it('a market', () => {
    const payload = json(`${production}/market_single.json`).single;
    const { market } = decode(marketAnswer, payload, 'GET /markets/X');
    expect(market).toMatchObject({
      ticker: 'KXNCAAFGAME-26SEP19MSUND-ND',
      status: 'active',
      exchange_index: 0,
      settlement_value_dollars: null,
    });
    expect(toActivity(market)).toMatchObject({
      openInterestContracts: 2422.48,
      notionalPerContract: 1_000_000,
    });
    const fail = (change: (copy: any) => void, message: string): void =>
      expectRefusal(marketAnswer, payload, change, message);
    fail((copy) => {
      copy.market.yes_bid_dollars = 0.89;
    }, 'GET /x: market.yes_bid_dollars: expected a value of type string, found 0.89');
    fail((copy) => {
      delete copy.market.volume_fp;
    }, 'GET /x: market.volume_fp: expected a value of type string, found nothing');
    fail((copy) => {
      copy.market.price_ranges[0].step = '0.01005';
    }, 'GET /x: market.price_ranges[0].step: expected a price string');
    fail((copy) => {
      copy.market.close_time = '2026-09-21';
    }, 'GET /x: market.close_time: expected an RFC 3339 time');
  });

  it('a market with six decimals, an unknown status and fields from the future', () => {
    const payload = json(`${production}/market_single.json`).single;
    payload.market.yes_bid_dollars = '0.890000';
    payload.market.status = 'hibernating';
    payload.market.settlement_bounds_type = 'floor';
    const { market } = decode(marketAnswer, payload, 'GET /markets/X');
    expect(market.yes_bid_dollars).toBe(8_900);
    expect(market.status).toBe('hibernating');
  });

  it('the order book of the same market', () => {
    const payload = json(`${production}/market_single.json`).orderbook;
    const book = decode(orderBookAnswer, payload, 'GET /markets/X/orderbook');
    const best = book.bids[0]!;
    expect(best.price).toBe(Math.max(...book.bids.map((level) => level.price)));
    expect(book.asks[0]).toEqual({ price: 9_400, count: 64_100 });
    expect(best.price).toBeLessThan(book.asks[0]!.price);
    expectRefusal(
      orderBookAnswer,
      payload,
      (copy) => {
        copy.orderbook_fp.no_dollars[2][1] = '12.345';
      },
      'orderbook_fp.no_dollars[2][1]: expected a count string with at most 2 decimals, found "12.345"',
    );
    expectRefusal(
      orderBookAnswer,
      payload,
      (copy) => {
        copy.orderbook_fpp = copy.orderbook_fp;
        delete copy.orderbook_fp;
      },
      'orderbook_fp: expected the book, found nothing',
    );
  });

  it('events with their markets, joined with series into markets of the toolkit', () => {
    const payload = json(`${production}/events_sports_nested.json.gz`);
    const events = decode(z.array(wireEvent), payload, 'GET /events');
    expect(events.length).toBe(32);
    let markets = 0;
    for (const event of events) {
      const series = {
        ticker: event.series_ticker,
        title: '',
        category: null,
        frequency: null,
        fee_type: 'quadratic',
        fee_multiplier: 500_000,
      };
      for (const wire of event.markets ?? []) {
        const market = toMarket(wire, event, series);
        expect(market).toMatchObject({ category: 'sports', seriesTicker: event.series_ticker });
        expect(market.grid.size).toBe(99);
        markets++;
      }
    }
    expect(markets).toBe(245);
    expectRefusal(
      z.array(wireEvent),
      payload,
      (copy) => {
        copy[3].markets[1].open_interest_fp = '';
      },
      'GET /x: [3].markets[1].open_interest_fp',
    );
  });

  it('series with their fees', () => {
    const { payloads } = json(`${production}/series_fee_fields.json`);
    const { series } = decode(seriesAnswer, payloads.KXMLBGAME, 'GET /series/KXMLBGAME');
    expect(series).toMatchObject({
      category: 'Sports',
      fee_type: 'quadratic_with_maker_fees',
      fee_multiplier: 500_000,
    });
    const fail = (value: unknown): void =>
      expectRefusal(
        seriesAnswer,
        payloads.KXMLBGAME,
        (copy) => {
          copy.series.fee_multiplier = value;
        },
        'series.fee_multiplier',
      );
    for (const value of ['0.5', null, undefined, -1, 1e-7]) fail(value);
  });

  it('own fills', () => {
    const { payload } = json(`${production}/portfolio_fills_redacted.json`);
    const { fills } = decode(fillsPage, payload, 'GET /portfolio/fills');
    expect(fills.length).toBe(33);
    expect(toFill(fills[0]!)).toMatchObject({
      side: 'bid',
      price: 10,
      count: 22_727,
      fee: 15_930,
      role: 'taker',
      clientOrderId: null,
    });
    expectRefusal(
      fillsPage,
      payload,
      (copy) => {
        copy.fills[7].fee_cost = 0.01;
      },
      'fills[7].fee_cost',
    );
    expectRefusal(
      fillsPage,
      payload,
      (copy) => {
        copy.fills[2].book_side = 'buy';
      },
      'fills[2].book_side',
    );
  });
});

describe.skipIf(gold === null)('recorded after settlement (../shared/data)', () => {
  it('a determined market carries result and payout', () => {
    const { response } = json(`${gold}/metadata/KXGOLD15M-26AUG050000.json`);
    const event = decode(wireEvent, response.event, 'GET /events/X');
    const { market: wire } = decode(marketAnswer, { market: response.markets[0] }, 'GET /markets/X');
    const series = {
      ticker: 'KXGOLD15M',
      title: '',
      category: 'Commodities',
      frequency: null,
      fee_type: 'quadratic',
      fee_multiplier: 1_000_000,
    };
    const overridden = {
      ...event,
      fee_type_override: 'quadratic_with_maker_fees',
      fee_multiplier_override: 0,
    };
    expect(toMarket(wire, overridden, series)).toMatchObject({
      ticker: 'KXGOLD15M-26AUG050000-00',
      category: 'commodities',
      status: 'finalized',
      result: 'no',
      settlementPrice: 0,
      settledMs: Date.parse('2026-08-05T04:00:04.828Z'),
      floorStrike: '4128.56',
      strikeType: 'greater_or_equal',
      fees: { type: 'quadratic_with_maker_fees', multiplierMicros: 0 },
    });
    expect(
      toMarket({ ...wire, status: 'new', result: '', exchange_index: null }, event, series),
    ).toMatchObject({
      status: 'inactive',
      result: null,
      exchangeIndex: 0,
    });
    expect(() => toMarket(wire, event, { ...series, ticker: 'KXOIL' })).toThrow(/series_ticker/);
  });
});

describe.skipIf(demo === null)('recorded on the demo exchange, 2026-07 (../shared/data)', () => {
  it('order books and positions', () => {
    const lines = readFileSync(`${demo}/rest.jsonl`, 'utf8').trim().split('\n');
    const bodies = lines.map((line) => JSON.parse(JSON.parse(line).response_body));
    const books = bodies.slice(0, 5).map((body) => decode(orderBookAnswer, body, 'GET /markets/X/orderbook'));
    expect(books.map((book) => [book.bids[0]?.price, book.asks[0]?.price])).toEqual([
      [1_600, 1_700],
      [2_500, 2_600],
      [4_700, 4_800],
      [1_900, 2_000],
      [2_200, 2_300],
    ]);
    const page = decode(positionsPage, bodies[5], 'GET /portfolio/positions');
    expect(page.market_positions.length).toBeGreaterThan(0);
    expect(toMarketPosition(page.market_positions[0]!)).toMatchObject({ position: 0, realizedPnl: 50_000 });
    expectRefusal(
      positionsPage,
      bodies[5],
      (copy) => {
        copy.market_positions[0].position_fp = 3;
      },
      'market_positions[0].position_fp',
    );
  });
});

describe('orderBookAnswer', () => {
  it.each([{ orderbook_fp: {} }, { orderbook_fp: { yes_dollars: null, no_dollars: [] } }, { orderbook: {} }])(
    'takes %j for an empty book',
    (payload) => {
      expect(decode(orderBookAnswer, payload, 'GET /x')).toEqual({ bids: [], asks: [] });
    },
  );
});

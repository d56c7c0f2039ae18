import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Count } from './count.ts';
import { chargeFill } from './fees.ts';
import { Money } from './money.ts';
import { Price } from './price.ts';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const REST = new URL('kalshi-rest-ws-2026-08/portfolio_fills_redacted.json', DATA);
const DEMO = new URL('kalshi-demo-session/session.jsonl.gz', DATA);

interface WireFill {
  readonly order_id: string;
  readonly market_ticker: string;
  readonly book_side: 'bid' | 'ask';
  readonly is_taker: boolean;
  readonly yes_price_dollars: string;
  readonly count_fp: string;
  readonly fee_cost: string;
}

/** Baseball series are charged half. */
function multiplierMicros(ticker: string): number {
  return ticker.startsWith('KXMLB') ? 500_000 : 1_000_000;
}

function feeOf(fill: WireFill, accumulated: Money) {
  return chargeFill(
    { type: 'quadratic', multiplierMicros: multiplierMicros(fill.market_ticker) },
    fill.is_taker ? 'taker' : 'maker',
    fill.book_side,
    Price.parse(fill.yes_price_dollars),
    Count.parse(fill.count_fp),
    accumulated,
  );
}

describe.skipIf(!existsSync(DATA))('recorded fees (skipped without ../shared/data)', () => {
  it('match all 33 production fills to the last digit', () => {
    const fills: WireFill[] = JSON.parse(readFileSync(REST, 'utf8')).payload.fills;
    expect(fills).toHaveLength(33);
    for (const fill of fills) {
      expect(`${fill.market_ticker} ${Money.format(feeOf(fill, Money.ZERO).fee)}`).toBe(
        `${fill.market_ticker} ${Money.format(Money.parse(fill.fee_cost))}`,
      );
    }
    // Every fill is its order's only one, so the rebate of later fills is not pinned by this recording.
    expect(new Set(fills.map((fill) => fill.order_id)).size).toBe(33);
  });

  it('would not match at the other multiplier', () => {
    const fills: WireFill[] = JSON.parse(readFileSync(REST, 'utf8')).payload.fills;
    const baseball = fills.filter((fill) => fill.market_ticker.startsWith('KXMLB'));
    expect(baseball.length).toBeGreaterThan(5);
    for (const fill of baseball) {
      const full = feeOf({ ...fill, market_ticker: 'KXFULL' }, Money.ZERO).fee;
      expect(full).not.toBe(Money.parse(fill.fee_cost));
    }
  });

  it('match both fills of the demo session', () => {
    const frames = gunzipSync(readFileSync(DEMO)).toString().split('\n');
    const fills = frames
      .filter((line) => line.includes('"type":"fill"'))
      .map((line): WireFill => JSON.parse(line).msg);
    expect(fills).toHaveLength(2);
    for (const fill of fills) {
      expect(feeOf(fill, Money.ZERO).fee).toBe(Money.parse(fill.fee_cost));
    }
  });
});

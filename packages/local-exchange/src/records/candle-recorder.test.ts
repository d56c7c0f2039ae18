import { Money, Timestamp } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import { fixtureWorld, GOLD, houseOrder, START_MS } from '../testing/fixture-world.ts';
import { CandleRecorder } from './candle-recorder.ts';

it('keeps a day of minutes, and adds older ones up to hours without losing a trade', () => {
  const { exchange } = fixtureWorld();
  exchange.setCloseTime(GOLD, Timestamp.of(START_MS + 60 * 3_600_000));
  exchange.addUser('bob', Money.fromDollars(100_000));
  const recorder = new CandleRecorder(exchange);
  exchange.addListener((output) => {
    if (output.type === 'trade') recorder.trade(output.trade);
  });
  const minutes = 30 * 60;
  for (let minute = 0; minute < minutes; minute++) {
    exchange.advanceTo(Timestamp.of(START_MS + minute * 60_000));
    houseOrder(exchange, GOLD, 'ask', 5_000, 100);
    const bought = exchange.place('bob', {
      ticker: GOLD,
      side: 'bid',
      price: 5_000 as never,
      count: 100 as never,
      timeInForce: 'immediate-or-cancel',
      selfTradePrevention: 'taker-at-cross',
      clientOrderId: null,
      postOnly: false,
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: null,
    });
    expect(bought.ok).toBe(true);
  }
  const from = START_MS / 1000;
  const to = from + 100 * 3600;
  const volume = (candles: readonly { readonly volume: number }[]): number =>
    candles.reduce((sum, candle) => sum + candle.volume, 0);
  expect(recorder.read(GOLD, 1, from, to)).toHaveLength(24 * 60);
  const hours = recorder.read(GOLD, 60, from, to);
  expect(hours).toHaveLength(30);
  expect(new Set(hours.map((candle) => candle.volume))).toEqual(new Set([6_000]));
  expect(volume(recorder.read(GOLD, 1440, from, to))).toBe(100 * minutes);
  recorder.forget((ticker) => ticker === GOLD);
  expect(recorder.read(GOLD, 1440, from, to)).toEqual([]);
});

import { Timestamp } from '@kalshi-mm/core';
import {
  CALENDARS,
  type CoinWindowPlan,
  createSyntheticWorld,
  type ExchangeOutput,
  type Population,
} from '@kalshi-mm/simulator';
import { exchangeWorld } from '../world/exchange-world.ts';
import type { World } from '../world/world.ts';

/** Five minutes before a quarter of an hour. */
export const COIN_START_MS = Timestamp.parseIso('2026-10-05T14:10:00Z');

/**
 * Windows of a quarter of an hour on three coins: `KXBTC15M`, `KXDOGE15M` and `KXADA15M`.
 *
 * @param population who lives in them
 */
export function coinWorld(
  population: Population = [],
  onOutput: (output: ExchangeOutput) => void = () => {},
): World {
  const { full } = CALENDARS;
  const windows = full.series.filter((plan): plan is CoinWindowPlan => plan.kind === 'coin-window');
  const [btc, doge] = ['BTC', 'DOGE'].map((name) => windows.find(({ coin }) => coin === name)!);
  const ada = { ...doge!, coin: 'ADA', terms: { ...doge!.terms, seriesTicker: 'KXADA15M' } };
  const { exchange, reference } = createSyntheticWorld({
    seed: 5,
    startMs: COIN_START_MS,
    onOutput,
    config: {
      ...full,
      coins: [...full.coins, { ...full.coins.at(-1)!, name: 'ADA', startDollars: 0.63, decimals: 5 }],
      pauses: null,
      voidShare: 0,
      series: [btc!, doge!, ada].map((plan) => ({ ...plan, terms: { ...plan.terms, population } })),
    },
  });
  exchange.advanceTo(COIN_START_MS);
  return { ...exchangeWorld(exchange), reference };
}

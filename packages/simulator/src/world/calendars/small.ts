import type { Population } from '../agents/population.ts';
import type { SeriesTerms, WindowPlan, WorldConfig } from '../world-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TAKERS_PAY = { type: 'quadratic', multiplierMicros: 1_000_000 };
const BOTH_PAY = { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 };

/** Six series of different categories, grids, fees and lengths, one market of each at a time. */
export const SMALL_CALENDAR: WorldConfig = {
  coins: [],
  weeklyMaintenance: true,
  pauses: null,
  voidShare: 0,
  series: [
    window(
      {
        ...terms('KXBTC15M', 'crypto', 'Bitcoin up in the next 15 minutes?', 2, 1000),
        grid: 'tapered_deci_cent',
        population: inhabitants({
          noiseEveryMs: 900,
          informedEveryMs: 2500,
          halfSpreadCents: 1,
          contracts: 60,
        }),
      },
      { windowMs: 15 * MINUTE, offsetMs: 0, jumpEveryMs: 6 * MINUTE },
    ),
    window(
      {
        ...terms('KXETH15M', 'crypto', 'Ether up in the next 15 minutes?', 2, 1000),
        grid: 'tapered_deci_cent',
        population: inhabitants({
          noiseEveryMs: 1500,
          informedEveryMs: 3000,
          halfSpreadCents: 1.5,
          contracts: 40,
        }),
      },
      { windowMs: 15 * MINUTE, offsetMs: 5 * MINUTE, jumpEveryMs: 7 * MINUTE },
    ),
    window(
      {
        ...terms('KXGOLD15M', 'commodities', 'Gold up in the next 15 minutes?', 2, 1000),
        population: inhabitants({
          noiseEveryMs: 2000,
          informedEveryMs: 4000,
          halfSpreadCents: 2,
          contracts: 50,
        }),
      },
      { windowMs: 15 * MINUTE, offsetMs: 10 * MINUTE, jumpEveryMs: 9 * MINUTE },
    ),
    window(
      {
        ...terms('KXNBAGAME', 'sports', 'Home team wins?', 3, 60_000),
        fees: BOTH_PAY,
        population: inhabitants({
          noiseEveryMs: 1200,
          informedEveryMs: 4000,
          halfSpreadCents: 1.5,
          contracts: 150,
        }),
      },
      { windowMs: 3 * HOUR, offsetMs: 40 * MINUTE, jumpEveryMs: 12 * MINUTE },
    ),
    window(
      {
        ...terms(
          'KXHIGHNY',
          'climate and weather',
          'High temperature in New York above the line?',
          0,
          300_000,
        ),
        population: inhabitants({
          noiseEveryMs: 6000,
          informedEveryMs: 12_000,
          halfSpreadCents: 3,
          contracts: 40,
        }),
      },
      { windowMs: 6 * HOUR, offsetMs: 4 * HOUR, jumpEveryMs: 45 * MINUTE },
    ),
    window(
      {
        ...terms('KXCPIYOY', 'economics', 'Inflation above the line?', 0, 300_000),
        fees: BOTH_PAY,
        population: inhabitants({
          noiseEveryMs: 10_000,
          informedEveryMs: 20_000,
          halfSpreadCents: 2.5,
          contracts: 100,
        }),
      },
      { windowMs: 24 * HOUR, offsetMs: 7 * HOUR, jumpEveryMs: 90 * MINUTE },
    ),
  ],
};

function window(series: SeriesTerms, times: Omit<WindowPlan, 'kind' | 'terms'>): WindowPlan {
  return { kind: 'window', terms: series, ...times };
}

function terms(
  seriesTicker: string,
  category: string,
  title: string,
  exchangeIndex: number,
  settlementTimerMs: number,
): Omit<SeriesTerms, 'population'> {
  return {
    seriesTicker,
    category,
    title,
    frequency: 'custom',
    tags: [],
    grid: 'linear_cent',
    fees: TAKERS_PAY,
    exchangeIndex,
    settlementTimerMs,
  };
}

/** Two makers, one who knows, and noise of which a third waits in the book. */
function inhabitants(traits: {
  readonly noiseEveryMs: number;
  readonly informedEveryMs: number;
  readonly halfSpreadCents: number;
  readonly contracts: number;
}): Population {
  const { noiseEveryMs, informedEveryMs, halfSpreadCents, contracts } = traits;
  return [
    { kind: 'maker', count: 2, everyMs: 400, contracts, halfSpreadCents, levels: 2 },
    { kind: 'informed', count: 1, everyMs: informedEveryMs, contracts: 40, edgeCents: 1 },
    {
      kind: 'noise',
      count: 2,
      everyMs: Math.round((4 / 3) * noiseEveryMs),
      contracts,
      restingShare: 1 / 3,
      restingMs: 20_000,
    },
  ];
}

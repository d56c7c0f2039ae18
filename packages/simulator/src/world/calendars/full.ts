import type { Population } from '../agents/population.ts';
import { POPULATIONS } from '../agents/populations.ts';
import type {
  CoinLadderPlan,
  CoinWindowPlan,
  FigurePlan,
  LeaguePlan,
  SeriesTerms,
  WorldConfig,
} from '../world-config.ts';
import { SPORTS, TEAMS } from './sports.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TAKERS_PAY = { type: 'quadratic', multiplierMicros: 1_000_000 };
const BOTH_PAY = { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 };
const BOTH_PAY_HALF = { type: 'quadratic_with_maker_fees', multiplierMicros: 500_000 };
const CRYPTO_SHARD = 2;
const SPORTS_SHARD = 3;

const { busy: BUSY, steady: STEADY, calm: CALM, quiet: QUIET, dead: DEAD } = POPULATIONS;

/** Hundreds of markets of many kinds at once: windows and ladders on coins, games, releases, weather, and dead ones. */
export const FULL_CALENDAR: WorldConfig = {
  coins: [
    coin('BTC', 72_000, 2, 0.025),
    coin('ETH', 2_600, 2, 0.033),
    coin('SOL', 150, 4, 0.042),
    coin('XRP', 1.4, 5, 0.04),
    coin('DOGE', 0.12, 6, 0.05),
  ],
  weeklyMaintenance: true,
  pauses: { everyMs: 3 * HOUR, lastMs: 2 * MINUTE },
  voidShare: 0.007,
  series: [
    upOrDown('BTC', 'Bitcoin', BUSY),
    upOrDown('ETH', 'Ether', BUSY),
    upOrDown('SOL', 'Solana', STEADY),
    upOrDown('XRP', 'XRP', CALM),
    upOrDown('DOGE', 'Dogecoin', CALM),
    ladder('KXBTCD', 'BTC', 'Bitcoin price on the hour?', 'above', 100, 40),
    ladder('KXETHD', 'ETH', 'Ether price on the hour?', 'above', 10, 30),
    ladder('KXBTC', 'BTC', 'Bitcoin price range on the hour?', 'range', 250, 16),
    league('NBA', 'Pro Basketball (M)', 'basketball', [15.5, 18, 23.5, 24.5], { spread: 3, total: 4 }),
    league('NHL', 'Pro Hockey', 'hockey', [17, 23, 24], { spread: 1, total: 1 }),
    {
      ...league('MLB', 'Pro Baseball', 'baseball', [16.5, 20, 23, 24.1], { spread: 1, total: 1 }),
      feesBeforeStart: BOTH_PAY_HALF,
    },
    league('NFL', 'Pro Football', 'football', [17, 20.4], { spread: 3, total: 4 }),
    figure('KXCPIYOY', 'economics', 'Inflation, year on year?', 7 * DAY, 12.5 * HOUR, {
      grid: 'deci_cent',
      fees: BOTH_PAY,
      population: CALM,
      startValue: 2.9,
      step: 0.1,
      decimals: 1,
      unit: ' %',
      strikes: 12,
      traits: { driftPerDay: 0.03, surprise: 0.12, newsEveryMs: DAY, newsSize: 0.05 },
    }),
    figure(
      'KXFED',
      'economics',
      'Upper bound of the federal funds rate after the meeting?',
      7 * DAY,
      18 * HOUR,
      {
        fees: BOTH_PAY,
        population: CALM,
        startValue: 3.5,
        step: 0.25,
        decimals: 2,
        unit: ' %',
        strikes: 5,
        shape: 'range',
        traits: { driftPerDay: 0.04, surprise: 0.05, newsEveryMs: DAY, newsSize: 0.08 },
      },
    ),
    figure('KXJOBLESSCLAIMS', 'economics', 'Initial jobless claims this week?', 7 * DAY, 12.5 * HOUR, {
      population: QUIET,
      startValue: 225_000,
      step: 5_000,
      decimals: 0,
      unit: '',
      strikes: 10,
      traits: { driftPerDay: 1_500, surprise: 7_000, newsEveryMs: 2 * DAY, newsSize: 3_000 },
    }),
    weather('NY', 'New York', 61),
    weather('CHI', 'Chicago', 55),
    weather('MIA', 'Miami', 83),
    weather('AUS', 'Austin', 80),
    figure('KXAAAGAS', 'commodities', 'Average gasoline price?', DAY, 14 * HOUR, {
      population: QUIET,
      startValue: 3.2,
      step: 0.01,
      decimals: 3,
      unit: ' $',
      strikes: 12,
      traits: { driftPerDay: 0.01, surprise: 0.004, newsEveryMs: DAY, newsSize: 0.01 },
    }),
    figure('KXALBUMSALES', 'entertainment', 'Copies sold in the first week?', 7 * DAY, 20 * HOUR, {
      population: DEAD,
      startValue: 120_000,
      step: 10_000,
      decimals: 0,
      unit: '',
      strikes: 20,
      traits: { driftPerDay: 4_000, surprise: 15_000, newsEveryMs: DAY, newsSize: 5_000 },
    }),
  ],
};

function coin(name: string, startDollars: number, decimals: number, dailyVolatility: number) {
  return { name, startDollars, decimals, dailyVolatility, newsEveryMs: 2 * HOUR, newsSize: 0.0015 };
}

function upOrDown(name: string, spoken: string, population: Population): CoinWindowPlan {
  return {
    kind: 'coin-window',
    coin: name,
    windowMs: 15 * MINUTE,
    listedAheadMs: 10 * MINUTE,
    terms: {
      ...terms(`KX${name}15M`, 'crypto', `${spoken} up in the next 15 minutes?`, CRYPTO_SHARD, SECOND),
      frequency: 'fifteen_min',
      tags: [name],
      grid: 'tapered_deci_cent',
      population,
    },
  };
}

function ladder(
  seriesTicker: string,
  name: string,
  title: string,
  shape: 'above' | 'range',
  stepDollars: number,
  strikes: number,
): CoinLadderPlan {
  return {
    kind: 'coin-ladder',
    coin: name,
    everyMs: HOUR,
    lifeMs: 2 * HOUR,
    stepDollars,
    strikes,
    shape,
    terms: {
      ...terms(seriesTicker, 'crypto', title, CRYPTO_SHARD, MINUTE),
      frequency: 'hourly',
      tags: [name],
      population: CALM,
    },
  };
}

function league(
  code: string,
  competition: string,
  sport: keyof typeof SPORTS,
  startHours: readonly number[],
  steps: { readonly spread: number; readonly total: number },
): LeaguePlan {
  const series = (what: string, title: string, population: Population): SeriesTerms => ({
    ...terms(`KX${code}${what}`, 'sports', `${competition}: ${title}`, SPORTS_SHARD, MINUTE),
    fees: BOTH_PAY,
    tags: [competition],
    population,
  });
  return {
    kind: 'league',
    competition,
    sport: SPORTS[sport],
    teams: TEAMS[sport],
    moneyline: series('GAME', 'winner', STEADY),
    spread: series('SPREAD', 'spread', CALM),
    total: series('TOTAL', 'total', CALM),
    spreadStep: steps.spread,
    spreadLines: 3,
    totalStep: steps.total,
    totalLines: 7,
    startHours,
    listedAheadMs: 36 * HOUR,
    feesBeforeStart: null,
  };
}

type FigureChange = Omit<
  FigurePlan,
  'kind' | 'terms' | 'everyMs' | 'offsetMs' | 'listedAheadMs' | 'tradesAfterMs' | 'shape'
> &
  Partial<Pick<FigurePlan, 'shape'>> &
  Partial<Pick<SeriesTerms, 'grid' | 'fees'>> &
  Pick<SeriesTerms, 'population'>;

function figure(
  seriesTicker: string,
  category: string,
  title: string,
  everyMs: number,
  offsetMs: number,
  { grid, fees, population, ...rest }: FigureChange,
): FigurePlan {
  const standard = terms(seriesTicker, category, title, 0, 5 * MINUTE);
  return {
    kind: 'figure',
    everyMs,
    offsetMs,
    listedAheadMs: Math.max(everyMs, 2 * DAY),
    tradesAfterMs: 5 * MINUTE,
    shape: 'above',
    ...rest,
    terms: {
      ...standard,
      frequency: everyMs === DAY ? 'daily' : 'weekly',
      grid: grid ?? standard.grid,
      fees: fees ?? standard.fees,
      population,
    },
  };
}

function weather(code: string, city: string, startValue: number): FigurePlan {
  return figure(`KXHIGH${code}`, 'climate and weather', `Highest temperature in ${city}?`, DAY, 22 * HOUR, {
    population: CALM,
    startValue,
    step: 2,
    decimals: 0,
    unit: '°',
    strikes: 4,
    shape: 'range',
    traits: { driftPerDay: 2.5, surprise: 0.4, newsEveryMs: 8 * HOUR, newsSize: 1 },
  });
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

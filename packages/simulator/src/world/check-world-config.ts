import { MmError } from '@kalshi-mm/core';
import type { Population } from './agents/population.ts';
import { GRIDS } from './grids.ts';
import type { SeriesPlan, SeriesTerms, WorldConfig } from './world-config.ts';

/** @throws MmError `bad-world` that names the first thing that cannot be */
export function checkWorldConfig(config: WorldConfig): void {
  share(config.voidShare, 'voidShare');
  if (config.pauses !== null) {
    positive(config.pauses.everyMs, 'pauses.everyMs');
    positive(config.pauses.lastMs, 'pauses.lastMs');
  }
  for (const { name, startDollars, dailyVolatility, newsEveryMs, decimals, newsSize } of config.coins) {
    positive(startDollars, `coins.${name}.startDollars`);
    positive(dailyVolatility, `coins.${name}.dailyVolatility`);
    positive(newsEveryMs, `coins.${name}.newsEveryMs`);
    notNegative(newsSize, `coins.${name}.newsSize`);
    whole(decimals, `coins.${name}.decimals`);
  }
  const seen = new Set<string>();
  const coins = new Set(config.coins.map(({ name }) => name));
  for (const plan of config.series) {
    for (const terms of termsOf(plan)) {
      const { seriesTicker } = terms;
      if (seen.has(seriesTicker)) fail(`series ${seriesTicker}`, 'is planned twice');
      seen.add(seriesTicker);
      checkTerms(terms);
    }
    checkPlan(plan, coins);
  }
  for (const [ticker, population] of Object.entries(config.populations ?? {})) {
    checkPopulation(population, `populations.${ticker}`);
  }
}

/** @throws MmError `bad-world` */
export function checkPopulation(population: Population, path: string): void {
  population.forEach((group, index) => {
    const at = `${path}[${index}] (${group.kind})`;
    whole(group.count, `${at}.count`);
    positive(group.everyMs, `${at}.everyMs`);
    atLeastOne(group.contracts, `${at}.contracts`);
    if (group.kind === 'noise' || group.kind === 'whale') {
      share(group.restingShare, `${at}.restingShare`);
      positive(group.restingMs, `${at}.restingMs`);
    }
    if (group.kind === 'whale') atLeastOne(group.sweepLevels, `${at}.sweepLevels`);
    if (group.kind === 'informed') notNegative(group.edgeCents, `${at}.edgeCents`);
    if (group.kind === 'momentum') notNegative(group.thresholdCents, `${at}.thresholdCents`);
    if (group.kind === 'maker') {
      notNegative(group.halfSpreadCents, `${at}.halfSpreadCents`);
      atLeastOne(group.levels, `${at}.levels`);
    }
  });
}

/** The series that a plan lists, one or several. */
export function termsOf(plan: SeriesPlan): readonly SeriesTerms[] {
  if (plan.kind !== 'league') return [plan.terms];
  return [plan.moneyline, plan.spread, plan.total].filter((terms) => terms !== null);
}

function checkTerms({ seriesTicker, grid, population, settlementTimerMs, exchangeIndex }: SeriesTerms): void {
  const at = `series ${seriesTicker}`;
  if (!Object.hasOwn(GRIDS, grid))
    fail(`${at}: grid`, `must be one of ${Object.keys(GRIDS).join(', ')}, found ${grid}`);
  checkPopulation(population, `${at}: population`);
  notNegative(settlementTimerMs, `${at}: settlementTimerMs`);
  whole(exchangeIndex, `${at}: exchangeIndex`);
}

function checkPlan(plan: SeriesPlan, coins: ReadonlySet<string>): void {
  const at = `series ${termsOf(plan)[0]!.seriesTicker}`;
  if ('coin' in plan && !coins.has(plan.coin)) fail(`${at}: coin ${plan.coin}`, 'is not among the coins');
  switch (plan.kind) {
    case 'window':
      atLeastOne(plan.windowMs, `${at}: windowMs`);
      notNegative(plan.offsetMs, `${at}: offsetMs`);
      positive(plan.jumpEveryMs, `${at}: jumpEveryMs`);
      return;
    case 'coin-window':
      // The average of the last minute decides, and is the next strike.
      if (plan.windowMs % 60_000 !== 0) fail(`${at}: windowMs`, 'must be whole minutes');
      atLeastOne(plan.windowMs, `${at}: windowMs`);
      notNegative(plan.listedAheadMs, `${at}: listedAheadMs`);
      return;
    case 'coin-ladder':
      if (plan.everyMs % 60_000 !== 0) fail(`${at}: everyMs`, 'must be whole minutes');
      atLeastOne(plan.everyMs, `${at}: everyMs`);
      atLeastOne(plan.lifeMs, `${at}: lifeMs`);
      positive(plan.stepDollars, `${at}: stepDollars`);
      atLeastOne(plan.strikes, `${at}: strikes`);
      return;
    case 'league':
      if (plan.teams.length < 2 * plan.startHours.length)
        fail(`${at}: teams`, 'must be two for each game of a day');
      positive(plan.listedAheadMs, `${at}: listedAheadMs`);
      positive(plan.spreadStep, `${at}: spreadStep`);
      positive(plan.totalStep, `${at}: totalStep`);
      return;
    case 'figure':
      atLeastOne(plan.everyMs, `${at}: everyMs`);
      positive(plan.listedAheadMs, `${at}: listedAheadMs`);
      notNegative(plan.tradesAfterMs, `${at}: tradesAfterMs`);
      positive(plan.step, `${at}: step`);
      atLeastOne(plan.strikes, `${at}: strikes`);
      return;
  }
}

function positive(value: number, what: string): void {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) {
    fail(what, `must be positive, found ${value}`);
  }
}

function notNegative(value: number, what: string): void {
  if (!(value >= 0) || value === Number.POSITIVE_INFINITY) fail(what, `must not be negative, found ${value}`);
}

function atLeastOne(value: number, what: string): void {
  if (!(Number.isSafeInteger(value) && value >= 1))
    fail(what, `must be a whole number from 1, found ${value}`);
}

function whole(value: number, what: string): void {
  if (!(Number.isSafeInteger(value) && value >= 0))
    fail(what, `must be a whole number from 0, found ${value}`);
}

function share(value: number, what: string): void {
  if (!(value >= 0 && value <= 1)) fail(what, `must lie between 0 and 1, found ${value}`);
}

function fail(what: string, why: string): never {
  throw new MmError('bad-world', `The world cannot be made: ${what} ${why}`, {
    todo: 'Correct the configuration of the world.',
  });
}

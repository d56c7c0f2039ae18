import { writeFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import {
  createQueueFollower,
  createQueueObserver,
  type Estimate,
  fitQueueModel,
  type PlaceErrors,
  type QueueFit,
  type QueueModel,
  type QueueObservation,
  type QueueObserverCounts,
  scoreQueueModel,
} from '@kalshi-mm/simulator';
import { openTape } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { printJson, type Terminal } from './cli.ts';

interface Options {
  readonly tape: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export const fitQueueCommand = (terminal: Terminal): Command =>
  new Command('fit-queue')
    .description('Finds out where in their queues orders are canceled, and fits queue models to it.')
    .requiredOption('--tape <file...>', 'tapes with the whole book and trades')
    .option('--out <file>', 'write the fitted model, for `backtest run --queue-model fitted:<file>`')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape fit-queue --tape gold.tape --out queue.json')
    .action(({ tape: files, out, json }: Options) => {
      const { observations, counts, sources } = observe(files);
      const fit = fitQueueModel(observations);
      const scores = crossValidate(files, observations);
      if (out !== undefined) {
        const sharesAhead = fit.table.map((each) => each.value);
        const model = { kind: 'fitted', sharesAhead, ...totals(fit), sources };
        writeFileSync(out, `${JSON.stringify(model)}\n`);
      }
      if (json === true) printJson(terminal, { sources, counts, ...fit, scores });
      else terminal.out(page(counts, fit, scores));
    });

interface Observed {
  readonly observations: readonly QueueObservation[];
  readonly counts: QueueObserverCounts;
  readonly sources: readonly string[];
}

function observe(files: readonly string[]): Observed {
  const observations: QueueObservation[] = [];
  const counts: Record<string, number> = {};
  const sources: string[] = [];
  let markets = 0;
  for (const file of files) {
    const tape = openTape(file);
    try {
      const { labels, source } = tape.header;
      if (!labels.trades || labels.depth !== 'full') {
        throw new MmError('tape-without-trades', `${file} does not tell trades and the whole book`, {
          todo: 'A cancel can only be told from a trade where both are recorded.',
        });
      }
      const observer = createQueueObserver();
      for (const block of tape.blocks()) observer.absorb(block);
      for (const each of observer.observations) observations.push({ ...each, market: each.market + markets });
      for (const [name, count] of Object.entries(observer.counts)) counts[name] = (counts[name] ?? 0) + count;
      sources.push(source);
      markets += tape.header.markets.length;
    } finally {
      tape.close();
    }
  }
  return { observations, counts: counts as unknown as QueueObserverCounts, sources };
}

interface ModelScore {
  readonly model: string;
  /** Root of the mean squared error of the share. */
  readonly error: number;
  /** Contracts in front by the model, over those that were. */
  readonly speed: number;
  /** Of the places of orders that were followed, and how many those were. */
  readonly placeBias: number;
  readonly placeError: number;
  readonly orders: number;
}

/** Every market is foretold by models fitted to other markets: each fifth of them in turn. Empty for one market. */
function crossValidate(
  files: readonly string[],
  observations: readonly QueueObservation[],
): readonly ModelScore[] {
  const markets = [...new Set(observations.map((each) => each.market))];
  if (markets.length < 2) return [];
  const folds = Math.min(FOLDS, markets.length);
  const foldOf = new Map(markets.map((market, index) => [market, index % folds]));
  const models: (readonly (readonly [string, QueueModel])[])[] = [];
  const sums = new Map<string, { squares: number; observed: number; predicted: number }>();
  for (let fold = 0; fold < folds; fold++) {
    const held = observations.filter((each) => foldOf.get(each.market) === fold);
    const others = observations.filter((each) => foldOf.get(each.market) !== fold);
    models[fold] = candidates(fitQueueModel(others, { bootstraps: 0 }));
    for (const [name, model] of models[fold]!) {
      const score = scoreQueueModel(model, held);
      const sum = sums.get(name) ?? { squares: 0, observed: 0, predicted: 0 };
      sum.squares += score.squaredError * held.length;
      sum.observed += score.observedContracts;
      sum.predicted += score.predictedContracts;
      sums.set(name, sum);
    }
  }
  const places = follow(files, (market) => models[foldOf.get(market) ?? 0]!.map(([, model]) => model));
  return [...sums].map(([model, { squares, observed, predicted }], index) => ({
    model,
    error: Math.sqrt(squares / observations.length),
    speed: predicted / observed,
    placeBias: places[index]?.bias ?? Number.NaN,
    placeError: places[index]?.absolute ?? Number.NaN,
    orders: places[index]?.orders ?? 0,
  }));
}

/** @param modelsOf the models for a market, numbered through all tapes */
function follow(
  files: readonly string[],
  modelsOf: (market: number) => readonly QueueModel[],
): readonly PlaceErrors[] {
  let markets = 0;
  const follower = createQueueFollower({ modelsOf });
  for (const file of files) {
    const tape = openTape(file);
    try {
      for (const block of tape.blocks()) {
        if (markets > 0) for (let row = 0; row < block.rows; row++) block.market[row]! += markets;
        follower.absorb(block);
      }
      markets += tape.header.markets.length;
    } finally {
      tape.close();
    }
  }
  return follower.errors();
}

function candidates(fit: QueueFit): readonly (readonly [string, QueueModel])[] {
  const power = (form: 'two-sided' | 'one-sided'): QueueModel => {
    return { kind: 'power', exponent: fit.exponents[form].value, form };
  };
  return [
    ['conservative', { kind: 'conservative' }],
    ['share:0.5', { kind: 'share', share: 0.5 }],
    ['power:1', { kind: 'power', exponent: 1 }],
    ['power:2', { kind: 'power', exponent: 2 }],
    ['power:3', { kind: 'power', exponent: 3 }],
    ['log', { kind: 'log' }],
    ['log-one-sided', { kind: 'log', form: 'one-sided' }],
    ['power, fitted', power('two-sided')],
    ['power-one-sided, fitted', power('one-sided')],
    ['fitted', { kind: 'fitted', sharesAhead: fit.table.map((each) => each.value) }],
  ];
}

function totals({ observations, markets }: QueueFit) {
  return { observations, markets };
}

function page(counts: QueueObserverCounts, fit: QueueFit, scores: readonly ModelScore[]): string {
  const { observed, alone, vague, ambiguous, hidden, unexplained, tradesFit, tradesMisfit } = counts;
  const number = (value: number): string => value.toFixed(3);
  const interval = ({ value, low, high }: Estimate): string =>
    `${number(value)}  (${number(low)} to ${number(high)})`;
  const lines = [
    `cancels   ${observed} placed in their queue, of ${fit.markets} markets`,
    `          not used: ${alone} alone at their level, ${ambiguous} of several of one size, ${vague} too vague, ${hidden} from a snapshot, ${unexplained} unexplained`,
    `trades    ${tradesFit} fit the inferred first order, ${tradesMisfit} do not`,
    '',
    'fraction of the queue   share of a cancel in front (95 % over markets)',
    ...fit.table.map((each, knot) => `${(knot / 10).toFixed(1).padStart(21)}   ${interval(each)}`),
    '',
    `power             ${interval(fit.exponents['two-sided'])}`,
    `power-one-sided   ${interval(fit.exponents['one-sided'])}`,
    '',
  ];
  if (scores.length > 0) {
    lines.push(
      `held-out markets; places of ${scores[0]!.orders} orders, in shares of their first queue`,
      'model                     error of a share   speed   place: bias    error',
    );
    for (const { model, error, speed, placeBias, placeError } of scores) {
      const cells = [model.padEnd(24), number(error).padStart(17), number(speed).padStart(7)];
      lines.push([...cells, number(placeBias).padStart(13), number(placeError).padStart(8)].join(' '));
    }
    lines.push('');
  }
  return lines.join('\n');
}

const FOLDS = 5;

import { easternTime } from '../eastern-time.ts';
import { Figure } from '../fair/figure.ts';
import type { FigurePlan } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import { buckets, rungProbability, rungTitle, thresholds } from './ladder.ts';

/** Lists thresholds on each coming release of a figure; the next expectation starts from the last publication. */
export function planFigures(host: WorldHost, plan: FigurePlan): void {
  const { everyMs, offsetMs, listedAheadMs, terms, decimals } = plan;
  let published = plan.startValue;

  const list = (releaseMs: number): void => {
    const { date, hour } = easternTime(releaseMs);
    const name = everyMs < DAY_MS ? `${date}${hour}` : date;
    const event = host.addEvent(`${terms.seriesTicker}-${name}`, {
      title: terms.title,
      subTitle: date,
      mutuallyExclusive: plan.shape === 'range',
      strikeMs: releaseMs as never,
      strikePeriod: terms.frequency,
    });
    const random = host.random.fork(`figure/${event}`);
    // A world that begins in the middle has seen the expectation move already.
    const listedMs = releaseMs - listedAheadMs;
    const figure = new Figure(plan.traits, random, Math.min(listedMs, host.nowMs), releaseMs, published);
    figure.advanceTo(host.nowMs);
    const closeMs = releaseMs + plan.tradesAfterMs;
    const make = plan.shape === 'range' ? buckets : thresholds;
    const above = (value: number): number => figure.above(value);
    const markets = make(figure.expected, plan.step, plan.strikes, decimals).map((rung) => {
      const ticker = host.open({
        terms,
        eventTicker: event,
        suffix: rung.suffix,
        title: terms.title,
        subTitle: rungTitle(rung, decimals, plan.unit),
        openMs: Math.max(0, listedMs),
        closeMs,
        strikeType: rung.strikeType,
        floorStrike: rung.floor?.toFixed(decimals) ?? null,
        capStrike: rung.cap?.toFixed(decimals) ?? null,
        fair: () => rungProbability(rung, above),
        facts: { occurrenceMs: releaseMs as never },
      });
      return { ticker, rung };
    });
    host.every(STEP_MS, () => {
      figure.advanceTo(host.nowMs);
      return host.nowMs < releaseMs;
    });
    host.at(releaseMs, () => {
      figure.advanceTo(releaseMs);
      published = figure.expected;
    });
    host.at(closeMs + DETERMINED_AFTER_MS, () => {
      const isVoid = host.isVoid(event);
      for (const { ticker, rung } of markets) {
        if (isVoid) host.callOff(ticker);
        else {
          const pays = rungProbability(rung, above) === 1;
          host.resolve(ticker, pays ? 'yes' : 'no', figure.expected.toFixed(decimals + 1));
        }
      }
    });
    host.at(releaseMs + everyMs - listedAheadMs, () => list(releaseMs + everyMs));
  };
  list((Math.floor((host.nowMs - offsetMs) / everyMs) + 1) * everyMs + offsetMs);
}

const DAY_MS = 86_400_000;
const STEP_MS = 60_000;
const DETERMINED_AFTER_MS = 60_000;

import { easternTime } from '../eastern-time.ts';
import { aboveAtClose } from '../fair/averaging-digital.ts';
import { WINDOW_SECONDS } from '../fair/coin-index.ts';
import type { CoinLadderPlan } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import { coinEvent } from './coin-event.ts';
import { buckets, rungProbability, rungTitle, thresholds } from './ladder.ts';

/** Lists strikes around a coin's price for each close, several closes ahead. */
export function planCoinLadders(host: WorldHost, plan: CoinLadderPlan): void {
  const { everyMs, lifeMs, terms } = plan;
  const index = host.index(plan.coin);
  const { unitsPerDollar, coin } = index;
  const { decimals } = coin;

  const list = (closeMs: number): void => {
    const { date, hour, minute } = easternTime(closeMs);
    const clock = everyMs % HOUR_MS === 0 ? hour : `${hour}${minute}`;
    const event = coinEvent(host, index, terms, `${terms.seriesTicker}-${date}${clock}`, {
      title: terms.title,
      subTitle: `${date} ${hour}:${minute}`,
      mutuallyExclusive: plan.shape === 'range',
      strikeMs: closeMs as never,
      strikePeriod: terms.frequency,
    });
    const price = index.units / unitsPerDollar;
    const { stepDollars, strikes } = plan;
    const rungs =
      plan.shape === 'range'
        ? buckets(price, stepDollars, strikes, decimals)
        : thresholds(price, stepDollars, strikes, decimals, 1 / unitsPerDollar);
    const above = (dollars: number): number => aboveAtClose(index, closeMs, dollars * unitsPerDollar);
    const markets = rungs.map((rung) => {
      const ticker = host.open({
        terms,
        eventTicker: event,
        suffix: rung.suffix,
        title: terms.title,
        subTitle: rungTitle(rung, decimals, ''),
        openMs: Math.max(closeMs - lifeMs, 0),
        closeMs,
        strikeType: rung.strikeType,
        floorStrike: rung.floor?.toFixed(decimals) ?? null,
        capStrike: rung.cap?.toFixed(decimals) ?? null,
        fair: () => rungProbability(rung, above),
      });
      return { ticker, rung };
    });
    let mean = 0;
    host.at(closeMs + 1, () => {
      mean = index.windowSum(closeMs) / WINDOW_SECONDS / unitsPerDollar;
    });
    host.at(closeMs + DETERMINED_AFTER_MS, () => {
      const isVoid = host.isVoid(event);
      for (const { ticker, rung } of markets) {
        if (isVoid) {
          host.callOff(ticker);
          continue;
        }
        const pays = (rung.floor === null || mean > rung.floor) && (rung.cap === null || mean <= rung.cap);
        host.resolve(ticker, pays ? 'yes' : 'no', mean.toFixed(decimals + 2));
      }
    });
    host.at(closeMs + everyMs - lifeMs, () => list(closeMs + everyMs));
  };
  // Each listing plans the next one; those that should be there at the start follow each other at once.
  list((Math.floor(host.nowMs / everyMs) + 1) * everyMs);
}

const HOUR_MS = 3_600_000;
const DETERMINED_AFTER_MS = 5000;

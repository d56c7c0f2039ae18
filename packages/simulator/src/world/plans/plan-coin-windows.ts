import { easternTime } from '../eastern-time.ts';
import { aboveAtClose } from '../fair/averaging-digital.ts';
import { WINDOW_SECONDS } from '../fair/coin-index.ts';
import type { CoinWindowPlan } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import { coinEvent } from './coin-event.ts';

/**
 * Lists up-or-down windows of a coin. The strike of a window is the settlement value of the one before: it is known
 * only when the window has begun, and reaches the market's record some seconds later.
 */
export function planCoinWindows(host: WorldHost, plan: CoinWindowPlan): void {
  const { windowMs, listedAheadMs, terms } = plan;
  const index = host.index(plan.coin);
  const { unitsPerDollar, coin } = index;
  const dollars = (units: number): string => (units / unitsPerDollar).toFixed(coin.decimals);

  const list = (openMs: number, firstStrike: number | null): void => {
    const closeMs = openMs + windowMs;
    const { date, hour, minute } = easternTime(closeMs);
    const event = coinEvent(host, index, terms, `${terms.seriesTicker}-${date}${hour}${minute}`, {
      title: terms.title,
      subTitle: `${date} ${hour}:${minute}`,
      mutuallyExclusive: false,
      strikeMs: closeMs as never,
      strikePeriod: null,
    });
    let strike = firstStrike;
    const ticker = host.open({
      terms,
      eventTicker: event,
      suffix: minute,
      title: terms.title,
      subTitle: strike === null ? 'Target price: TBD' : targetOf(dollars(strike)),
      openMs,
      closeMs,
      strikeType: 'greater_or_equal',
      floorStrike: strike === null ? null : dollars(strike),
      // Ties pay YES; before the strike is known, the price is the best guess at it.
      fair: () => aboveAtClose(index, closeMs, (strike ?? index.units) - 0.5),
      facts: {
        rules: `Pays if the 60-second average of ${coin.name} before the close is at least the average at the start.`,
      },
    });
    if (strike === null) {
      // A millisecond after the price of the opening second.
      host.at(openMs + 1, () => {
        strike = average(index.windowSum(openMs));
      });
      host.at(openMs + STRIKE_AFTER_MS, () => {
        const text = dollars(strike!);
        host.exchange.updateMarket(ticker, { floorStrike: text, subTitle: targetOf(text) });
      });
    }
    host.at(closeMs - listedAheadMs, () => list(closeMs, null));
    let value = 0;
    host.at(closeMs + 1, () => {
      value = average(index.windowSum(closeMs));
    });
    host.at(closeMs + DETERMINED_AFTER_MS, () => {
      if (host.isVoid(event)) host.callOff(ticker);
      else host.resolve(ticker, value >= strike! ? 'yes' : 'no', dollars(value));
    });
  };
  list(Math.floor(host.nowMs / windowMs) * windowMs, index.units);
}

/** To whole units, as the settlement value is. */
function average(sum: number): number {
  return Math.round(sum / WINDOW_SECONDS);
}

function targetOf(dollars: string): string {
  return `Target price: $${dollars}`;
}

/** The previous window's settlement needs a moment. */
const STRIKE_AFTER_MS = 3000;
const DETERMINED_AFTER_MS = 5000;

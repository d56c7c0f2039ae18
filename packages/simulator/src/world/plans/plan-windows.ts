import { easternTime } from '../eastern-time.ts';
import { DigitalWalk } from '../fair/digital-walk.ts';
import type { WindowPlan } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';

/** Lists one market at a time: when one closes, the next opens. */
export function planWindows(host: WorldHost, plan: WindowPlan): void {
  const { windowMs, offsetMs, terms } = plan;
  const openAt = (nowMs: number): void => {
    const openMs = Math.floor((nowMs - offsetMs) / windowMs) * windowMs + offsetMs;
    const closeMs = openMs + windowMs;
    const { date, hour, minute } = easternTime(closeMs);
    const event = host.addEvent(`${terms.seriesTicker}-${date}${hour}${minute}`, {
      title: terms.title,
      subTitle: `${date} ${hour}:${minute}`,
      mutuallyExclusive: false,
      strikeMs: closeMs as never,
      strikePeriod: null,
    });
    const random = host.random.fork(`fair/${event}`);
    const walk = new DigitalWalk(random, openMs, closeMs, nowMs, plan.jumpEveryMs);
    const ticker = host.open({
      terms,
      eventTicker: event,
      suffix: minute,
      title: terms.title,
      subTitle: 'Yes',
      openMs,
      closeMs,
      strikeType: 'greater_or_equal',
      floorStrike: null,
      fair: () => walk.cents / 100,
    });
    host.every(STEP_MS, () => {
      walk.advanceTo(host.nowMs);
      return host.nowMs < closeMs;
    });
    host.at(closeMs, () => openAt(closeMs));
    host.at(closeMs + DETERMINED_AFTER_MS, () => {
      if (host.isVoid(event)) host.callOff(ticker);
      else host.resolve(ticker, walk.result, walk.result);
    });
  };
  openAt(host.nowMs);
}

const STEP_MS = 250;
const DETERMINED_AFTER_MS = 2000;

import { easternTime } from '../eastern-time.ts';
import { Game } from '../fair/game.ts';
import type { LeaguePlan } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import { type Fixture, type GameMarket, listGame } from './list-game.ts';

/** Lists each day's games ahead, plays them, and closes their markets when they are over. */
export function planLeagues(host: WorldHost, plan: LeaguePlan): void {
  const planDay = (day: number): void => {
    const teams = shuffle(host, plan, day);
    plan.startHours.forEach((startHour, number) => {
      const startMs = day * DAY_MS + Math.round(startHour * HOUR_MS);
      const fixture = { home: teams[2 * number]!, away: teams[2 * number + 1]!, startMs };
      // What began before the world did is not played.
      if (startMs > host.nowMs) host.at(startMs - plan.listedAheadMs, () => playGame(host, plan, fixture));
    });
    host.at((day + 1) * DAY_MS - plan.listedAheadMs, () => planDay(day + 1));
  };
  planDay(Math.floor(host.nowMs / DAY_MS));
}

function playGame(host: WorldHost, plan: LeaguePlan, fixture: Fixture): void {
  const { startMs } = fixture;
  const { date, hour, minute } = easternTime(startMs);
  const name = `${date}${hour}${minute}${fixture.away.code}${fixture.home.code}`;
  const game = new Game(
    plan.sport,
    host.random.fork(`game/${plan.competition}/${name}`),
    host.nowMs,
    startMs,
  );
  const { events, markets, milestone } = listGame(host, plan, fixture, name, game);
  const { feesBeforeStart } = plan;
  if (feesBeforeStart !== null)
    for (const event of events) host.exchange.setEventFees(event, feesBeforeStart);
  host.every(NEWS_STEP_MS, () => {
    game.hearNews(host.nowMs);
    return host.nowMs + NEWS_STEP_MS < startMs;
  });
  host.at(startMs, () => {
    if (feesBeforeStart !== null) for (const event of events) host.exchange.setEventFees(event, null);
    if (host.isVoid(events[0]!)) {
      milestone('canceled');
      host.at(startMs + CALLED_OFF_AFTER_MS, () => {
        for (const { ticker } of markets) host.callOff(ticker);
      });
      return;
    }
    milestone('live');
    host.every(game.attackMs, () => {
      game.attack();
      if (!game.isOver) return true;
      milestone('finished');
      host.at(host.nowMs + CLOSED_AFTER_MS, () => endMarkets(host, markets));
      return false;
    });
  });
}

/** The exchange closes early, once the winner is certain. */
function endMarkets(host: WorldHost, markets: readonly GameMarket[]): void {
  for (const { ticker } of markets) {
    const status = host.exchange.market(ticker)?.status;
    if (status === 'active' || status === 'inactive') host.exchange.setCloseTime(ticker, host.exchange.nowMs);
  }
  host.at(host.nowMs + DETERMINED_AFTER_MS, () => {
    for (const { ticker, pays, value } of markets) host.resolve(ticker, pays() ? 'yes' : 'no', value());
  });
}

function shuffle(host: WorldHost, plan: LeaguePlan, day: number): LeaguePlan['teams'][number][] {
  const random = host.random.fork(`teams/${plan.competition}/${day}`);
  const teams = [...plan.teams];
  for (let i = teams.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [teams[i], teams[j]] = [teams[j]!, teams[i]!];
  }
  return teams;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NEWS_STEP_MS = 60_000;
const CALLED_OFF_AFTER_MS = 2 * HOUR_MS;
const CLOSED_AFTER_MS = 20_000;
const DETERMINED_AFTER_MS = 60_000;

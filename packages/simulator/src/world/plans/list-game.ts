import type { Ticker, Timestamp } from '@kalshi-mm/core';
import type { Game } from '../fair/game.ts';
import type { LeaguePlan, SeriesTerms } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import type { LiveData } from '../world-reference.ts';

/** Who plays whom, and when. */
export interface Fixture {
  readonly home: LeaguePlan['teams'][number];
  readonly away: LeaguePlan['teams'][number];
  readonly startMs: number;
}

export interface GameMarket {
  readonly ticker: Ticker;
  readonly pays: () => boolean;
  /** What decided it, as text. */
  readonly value: () => string;
}

type Status = 'none' | 'live' | 'finished' | 'canceled';

/** Announces a game: its milestone, its events, its markets. */
export function listGame(
  host: WorldHost,
  plan: LeaguePlan,
  fixture: Fixture,
  name: string,
  game: Game,
): {
  readonly events: readonly string[];
  readonly markets: readonly GameMarket[];
  /** Tells how the game stands. */
  readonly milestone: (status: Status) => void;
} {
  const { home, away, startMs } = fixture;
  const title = `${away.name} at ${home.name}`;
  const markets: GameMarket[] = [];
  const events: string[] = [];
  const addEvent = (terms: SeriesTerms, what: string, mutuallyExclusive: boolean): string => {
    const event = host.addEvent(`${terms.seriesTicker}-${name}`, {
      title: `${title}${what}`,
      subTitle: `${away.code} at ${home.code}`,
      mutuallyExclusive,
      strikeMs: null,
      strikePeriod: null,
    });
    events.push(event);
    return event;
  };
  const add = (
    terms: SeriesTerms,
    eventTicker: string,
    suffix: string,
    subTitle: string,
    line: number | null,
    fair: () => number,
    value: () => string,
  ): void => {
    const ticker = host.open({
      terms,
      eventTicker,
      suffix,
      title: `${title}: ${subTitle}`,
      subTitle,
      openMs: host.nowMs,
      closeMs: startMs + LISTED_AFTER_MS,
      strikeType: line === null ? 'structured' : 'greater',
      floorStrike: line === null ? null : String(line),
      fair,
      facts: {
        expectedExpirationMs: (startMs + EXPECTED_AFTER_MS) as Timestamp,
        occurrenceMs: startMs as Timestamp,
      },
    });
    // Once the game is over, what was probable is certain.
    markets.push({ ticker, pays: () => fair() === 1, value });
  };
  const score = (): string => `${game.away}-${game.home}`;

  const { moneyline, spread, total } = plan;
  const winner = addEvent(moneyline, '', true);
  const winnerName = (): string => (game.home > game.away ? home.name : away.name);
  add(moneyline, winner, home.code, home.name, null, () => game.homeAheadBy(0), winnerName);
  add(moneyline, winner, away.code, away.name, null, () => 1 - game.homeAheadBy(0), winnerName);
  if (spread !== null) {
    const event = addEvent(spread, ': Spread', false);
    for (let n = 0; n < plan.spreadLines; n++) {
      const line = 1.5 + n * plan.spreadStep;
      const number = Math.ceil(line);
      const wins = (team: Fixture['home']): string => `${team.name} wins by over ${line} points`;
      add(spread, event, `${home.code}${number}`, wins(home), line, () => game.homeAheadBy(line), score);
      add(spread, event, `${away.code}${number}`, wins(away), line, () => 1 - game.homeAheadBy(-line), score);
    }
  }
  if (total !== null) {
    const event = addEvent(total, ': Total points', false);
    const middle = Math.floor(game.expectedTotal) + 0.5;
    for (let n = 0; n < plan.totalLines; n++) {
      const line = middle + (n - Math.floor(plan.totalLines / 2)) * plan.totalStep;
      if (line < 0) continue;
      const subTitle = `Over ${line} points scored`;
      add(
        total,
        event,
        String(Math.ceil(line)),
        subTitle,
        line,
        () => game.totalAbove(line),
        () => String(game.home + game.away),
      );
    }
  }

  let status: Status = 'none';
  const tell = (next: Status): void => {
    status = next;
    const ended = next === 'finished' || next === 'canceled';
    host.facts.setMilestone({
      id,
      category: moneyline.category,
      type: plan.sport.milestoneType,
      competition: plan.competition,
      startMs: startMs as Timestamp,
      endMs: ended ? (host.nowMs as Timestamp) : null,
      title,
      relatedEventTickers: events,
      primaryEventTickers: [winner],
      details: { home_team: home.name, away_team: away.name, league: plan.competition },
      updatedMs: host.nowMs as Timestamp,
    });
  };
  const id = milestoneId(host, winner);
  tell('none');
  host.facts.setLive(id, () => liveDataOf(plan, fixture, game, status));
  return { events, markets, milestone: tell };
}

function liveDataOf(plan: LeaguePlan, { home, away }: Fixture, game: Game, status: Status): LiveData {
  const { attacks, periods } = plan.sport;
  const each = (2 * attacks) / periods;
  const left = Math.max(0, each - (game.attacks % each));
  const seconds = status === 'live' ? Math.round((left / each) * PERIOD_SECONDS) : 0;
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return {
    type: plan.sport.milestoneType,
    details: {
      status: status === 'canceled' ? 'none' : status,
      home_points: game.home,
      away_points: game.away,
      round: status === 'none' ? 0 : game.period,
      final_round_time_left: clock,
      tileLiveText: `${away.code} ${game.away} - ${home.code} ${game.home}`,
      widgetLiveText: status === 'live' ? `Period ${game.period}, ${clock}` : status,
    },
  };
}

/** UUID-shaped, always the same for the same game of the same world. */
function milestoneId(host: WorldHost, event: string): string {
  const random = host.random.fork(`milestone/${event}`);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.integer(16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

const HOUR_MS = 3_600_000;
const EXPECTED_AFTER_MS = 3 * HOUR_MS;
/** The close that is announced; the real one comes early. */
const LISTED_AFTER_MS = 14 * 24 * HOUR_MS;
const PERIOD_SECONDS = 720;

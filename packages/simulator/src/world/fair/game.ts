import type { Random } from '@kalshi-mm/core';
import { NewsCalendar } from './news-calendar.ts';
import { normalAbove } from './normal-cdf.ts';

/** How a sport scores. Teams attack in turn, home first. */
export interface Sport {
  /** Type of its milestones, e.g. `basketball_game`. */
  readonly milestoneType: string;
  /** Attacks of one team. */
  readonly attacks: number;
  /** Chance that an average attack scores. */
  readonly scoringShare: number;
  /** What an attack that scores is worth, and how often, the shares adding up to 1. */
  readonly worth: readonly { readonly points: number; readonly share: number }[];
  readonly periods: number;
  /** From start to the last attack, breaks included. */
  readonly lastsMs: number;
}

/**
 * One game: what each attack brings, and what everybody who knows the score and the teams expects of the end.
 * Moneyline, spreads and totals are read off the same state, so they never contradict each other.
 */
export class Game {
  readonly sport: Sport;
  readonly startMs: number;
  home = 0;
  away = 0;
  /** Attacks so far, both teams; overtime goes on counting. */
  attacks = 0;
  isOver = false;
  readonly #random: Random;
  readonly #news: NewsCalendar;
  readonly #mean: number;
  readonly #square: number;
  /** How much more often than average the home team scores, and the other less. */
  #edge: number;

  constructor(sport: Sport, random: Random, listedMs: number, startMs: number) {
    this.sport = sport;
    this.startMs = startMs;
    this.#random = random.fork('score');
    this.#news = new NewsCalendar(random.fork('news'), listedMs, NEWS_EVERY_MS);
    this.#mean = sport.worth.reduce((sum, { points, share }) => sum + points * share, 0);
    this.#square = sport.worth.reduce((sum, { points, share }) => sum + points * points * share, 0);
    this.#edge = 0.015 + EDGE_DEVIATION * random.fork('teams').normal();
  }

  /** Time between two attacks. */
  get attackMs(): number {
    return Math.floor(this.sport.lastsMs / (2 * this.sport.attacks));
  }

  /** Before the start: who is injured, who plays. */
  hearNews(nowMs: number): void {
    this.#edge += 0.4 * EDGE_DEVIATION * this.#news.take(Math.min(nowMs, this.startMs - 1));
    this.#edge = Math.max(-0.25, Math.min(0.25, this.#edge));
  }

  attack(): void {
    if (this.isOver) return;
    const isHome = this.attacks % 2 === 0;
    const points = this.#random.next() < this.#share(isHome) ? this.#points() : 0;
    if (isHome) this.home += points;
    else this.away += points;
    this.attacks++;
    this.isOver = this.#attacksLeft() === 0 && this.home !== this.away;
  }

  /** Period that is being played, from 1; overtime counts on. */
  get period(): number {
    const each = (2 * this.sport.attacks) / this.sport.periods;
    return 1 + Math.floor(Math.max(0, this.attacks - (this.isOver ? 1 : 0)) / each);
  }

  /** Probability that the home team ends more than a (fractional) number of points ahead. */
  homeAheadBy(line: number): number {
    if (this.isOver) return this.home - this.away > line ? 1 : 0;
    const { mean, variance } = this.#rest();
    return normalAbove(this.home - this.away + mean, Math.sqrt(variance), line);
  }

  /** Probability that both together end above a (fractional) number of points. */
  totalAbove(line: number): number {
    if (this.isOver) return this.home + this.away > line ? 1 : 0;
    const { total, variance } = this.#rest();
    return normalAbove(this.home + this.away + total, Math.sqrt(variance), line);
  }

  /** Points that both together are expected to end with. */
  get expectedTotal(): number {
    return this.home + this.away + this.#rest().total;
  }

  /** Overtime gives both a tenth of a game more, again and again. */
  #attacksLeft(): number {
    const regular = 2 * this.sport.attacks;
    if (this.attacks < regular) return regular - this.attacks;
    const extra = 2 * Math.max(1, Math.round(this.sport.attacks / 10));
    const into = (this.attacks - regular) % extra;
    return into === 0 ? 0 : extra - into;
  }

  #rest(): { readonly mean: number; readonly total: number; readonly variance: number } {
    // Level at the end: an overtime follows.
    const left = Math.max(1, this.#attacksLeft());
    const away = Math.floor(left / 2);
    const home = left - away;
    const homePoints = this.#share(true) * this.#mean;
    const awayPoints = this.#share(false) * this.#mean;
    return {
      mean: home * homePoints - away * awayPoints,
      total: home * homePoints + away * awayPoints,
      variance:
        home * (this.#share(true) * this.#square - homePoints ** 2) +
        away * (this.#share(false) * this.#square - awayPoints ** 2),
    };
  }

  #share(isHome: boolean): number {
    return this.sport.scoringShare * (1 + (isHome ? this.#edge : -this.#edge));
  }

  #points(): number {
    let pick = this.#random.next();
    for (const { points, share } of this.sport.worth) {
      pick -= share;
      if (pick < 0) return points;
    }
    return this.sport.worth[0]!.points;
  }
}

const NEWS_EVERY_MS = 12 * 3_600_000;
const EDGE_DEVIATION = 0.05;

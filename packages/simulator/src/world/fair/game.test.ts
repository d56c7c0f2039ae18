import { createRandom } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { SPORTS } from '../calendars/sports.ts';
import { Game } from './game.ts';

const START = 1_800_000_000_000;

function play(game: Game, visit: () => void = () => {}): Game {
  while (!game.isOver) {
    game.attack();
    visit();
  }
  return game;
}

describe.each(Object.entries(SPORTS))('%s', (_name, sport) => {
  it('ends with a winner, and everything about it is certain then', () => {
    for (let seed = 0; seed < 50; seed++) {
      const game = play(new Game(sport, createRandom(seed), START, START));
      expect(game.home).not.toBe(game.away);
      expect(game.homeAheadBy(0)).toBe(game.home > game.away ? 1 : 0);
      expect(game.totalAbove(game.home + game.away - 0.5)).toBe(1);
      expect(game.totalAbove(game.home + game.away + 0.5)).toBe(0);
    }
  });

  it('has lines that fall, at every score', () => {
    const game = new Game(sport, createRandom('lines'), START, START);
    play(game, () => {
      for (let line = -8.5; line < 8; line++) {
        expect(game.homeAheadBy(line)).toBeGreaterThanOrEqual(game.homeAheadBy(line + 1));
      }
      expect(game.totalAbove(10.5)).toBeGreaterThanOrEqual(game.totalAbove(11.5));
    });
  });

  it('is won about as often as believed at the start', () => {
    const games = 1500;
    let believed = 0;
    let won = 0;
    for (let seed = 0; seed < games; seed++) {
      const game = new Game(sport, createRandom(`fair/${seed}`), START, START);
      believed += game.homeAheadBy(0);
      won += play(game).homeAheadBy(0);
    }
    // Three standard errors of a share, and what the normal approximation of few goals is off.
    expect(Math.abs(won - believed) / games).toBeLessThan(3 * Math.sqrt(0.25 / games) + 0.02);
  });
});

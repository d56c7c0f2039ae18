import type { Sport } from '../fair/game.ts';
import type { LeaguePlan } from '../world-config.ts';

const HOUR = 3_600_000;

/** How the sports of the full calendar score. */
export const SPORTS = {
  basketball: {
    milestoneType: 'basketball_game',
    attacks: 100,
    scoringShare: 0.49,
    worth: [
      { points: 2, share: 0.7 },
      { points: 3, share: 0.3 },
    ],
    periods: 4,
    lastsMs: 2.25 * HOUR,
  },
  hockey: {
    milestoneType: 'hockey_game',
    attacks: 60,
    scoringShare: 0.05,
    worth: [{ points: 1, share: 1 }],
    periods: 3,
    lastsMs: 2.5 * HOUR,
  },
  baseball: {
    milestoneType: 'baseball_game',
    attacks: 36,
    scoringShare: 0.09,
    worth: [
      { points: 1, share: 0.65 },
      { points: 2, share: 0.25 },
      { points: 3, share: 0.07 },
      { points: 4, share: 0.03 },
    ],
    periods: 9,
    lastsMs: 3 * HOUR,
  },
  football: {
    milestoneType: 'football_game',
    attacks: 12,
    scoringShare: 0.38,
    worth: [
      { points: 7, share: 0.6 },
      { points: 3, share: 0.4 },
    ],
    periods: 4,
    lastsMs: 3.2 * HOUR,
  },
} satisfies Record<string, Sport>;

export const TEAMS = {
  basketball: teams(
    'ATL Atlanta,BOS Boston,CHI Chicago,DAL Dallas,DEN Denver,DET Detroit,HOU Houston,MIA Miami',
  ),
  hockey: teams(
    'BOS Boston,BUF Buffalo,CGY Calgary,CHI Chicago,DET Detroit,EDM Edmonton,MTL Montreal,OTT Ottawa',
  ),
  baseball: teams(
    'ATL Atlanta,BAL Baltimore,BOS Boston,CIN Cincinnati,CLE Cleveland,DET Detroit,HOU Houston,SEA Seattle',
  ),
  football: teams(
    'ARI Arizona,ATL Atlanta,BUF Buffalo,CAR Carolina,DAL Dallas,DEN Denver,GB Green Bay,PIT Pittsburgh',
  ),
} satisfies Record<string, LeaguePlan['teams']>;

function teams(list: string): { readonly code: string; readonly name: string }[] {
  return list.split(',').map((team) => {
    const space = team.indexOf(' ');
    return { code: team.slice(0, space), name: team.slice(space + 1) };
  });
}

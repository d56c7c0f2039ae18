import { Money } from '@kalshi-mm/core';
import type { SimulatedExchange } from '@kalshi-mm/simulator';
import { incentiveJson } from '../wire/incentive-program.ts';

/** Every incentive program with everybody's score, which the exchange itself tells nobody. */
export function incentivesJson(exchange: SimulatedExchange) {
  return {
    now_ms: exchange.nowMs,
    programs: exchange.incentivePrograms().map((program) => {
      const { snapshots, qualifiedSides, scores } = exchange.incentiveScores(program.programId)!;
      return {
        ...incentiveJson(program),
        snapshots,
        qualified_sides: qualifiedSides,
        scores: scores.map(({ userId, score, share, reward }) => ({
          // Null: the recorded size of a market.
          user_id: userId,
          score,
          share,
          reward_dollars: Money.format(reward),
        })),
      };
    }),
  };
}

import type { Random, Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange } from '../../create-exchange.ts';
import { createAgent } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { AgentGroup, Population } from './population.ts';

/**
 * Lets a population live in a market from now until it closes. Waiting times have a random stream of their own, so
 * the orders of users change what agents do, but not when they look.
 *
 * @param addHouseUser opens an account, once however often it is called
 */
export function inhabit(
  exchange: SimulatedExchange,
  desk: MarketDesk,
  population: Population,
  random: Random,
  addHouseUser: (userId: string) => void,
): void {
  for (const group of population) {
    for (let number = 1; number <= group.count; number++) {
      const userId = `house-${group.kind}-${number}`;
      addHouseUser(userId);
      const own = random.fork(userId);
      const timing = own.fork('timing');
      const act = createAgent(group, desk, userId, own);
      const wait = (): number =>
        Math.max(1, Math.ceil(timing.exponential(group.everyMs * dullness(group, desk))));
      const wake = (): void => {
        if (desk.isOver) return;
        if (desk.isTrading) act();
        exchange.schedule((exchange.nowMs + wait()) as Timestamp, wake);
      };
      // Makers are there from the first instant, the others come by.
      const firstMs = group.kind === 'maker' ? 0 : wait();
      exchange.schedule((exchange.nowMs + firstMs) as Timestamp, wake);
    }
  }
}

/** A market whose outcome is all but certain is looked at less: 1 at 50 cents, up to a bound at 0 and 100. */
function dullness({ kind }: AgentGroup, desk: MarketDesk): number {
  const p = (desk.fairCents ?? 50) / 100;
  const least = kind === 'maker' || kind === 'informed' ? 0.25 : 0.05;
  return 1 / Math.min(1, Math.max(least, 4 * p * (1 - p)));
}

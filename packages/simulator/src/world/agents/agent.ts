import type { Random } from '@kalshi-mm/core';
import { informed } from './informed.ts';
import { maker } from './maker.ts';
import type { MarketDesk } from './market-desk.ts';
import { momentum } from './momentum.ts';
import { noise } from './noise.ts';
import type { AgentGroup } from './population.ts';
import { whale } from './whale.ts';

/** One look of an agent at its market, with whatever it does about it. */
export type Act = () => void;

/** Makes one agent of a group: everything that it does follows from the desk and its own random stream. */
export function createAgent(group: AgentGroup, desk: MarketDesk, userId: string, random: Random): Act {
  switch (group.kind) {
    case 'noise':
      return noise(group, desk, userId, random);
    case 'informed':
      return informed(group, desk, userId, random);
    case 'momentum':
      return momentum(group, desk, userId, random);
    case 'maker':
      return maker(group, desk, userId, random);
    case 'whale':
      return whale(group, desk, userId, random);
  }
}

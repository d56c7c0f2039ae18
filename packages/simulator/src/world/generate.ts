import type { Random } from '@kalshi-mm/core';
import type { createExchangeParts } from '../create-exchange.ts';
import { scheduleWeeklyMaintenance } from '../weekly-maintenance.ts';
import { checkWorldConfig, termsOf } from './check-world-config.ts';
import { planCoinLadders } from './plans/plan-coin-ladders.ts';
import { planCoinWindows } from './plans/plan-coin-windows.ts';
import { planFigures } from './plans/plan-figures.ts';
import { planLeagues } from './plans/plan-leagues.ts';
import { planWindows } from './plans/plan-windows.ts';
import type { SeriesPlan, WorldConfig } from './world-config.ts';
import { WorldHost } from './world-host.ts';

/** Puts a generated world onto an exchange. @throws MmError `bad-world` */
export function generate(
  parts: ReturnType<typeof createExchangeParts>,
  config: WorldConfig,
  random: Random,
): WorldHost {
  checkWorldConfig(config);
  const host = new WorldHost(parts, config, random);
  if (config.weeklyMaintenance) scheduleWeeklyMaintenance(parts.exchange);
  for (const plan of config.series) {
    for (const { seriesTicker, title, frequency, tags, fees } of termsOf(plan)) {
      host.facts.setSeries(seriesTicker, { title, frequency, tags, fees });
    }
    start(host, plan);
  }
  return host;
}

function start(host: WorldHost, plan: SeriesPlan): void {
  if (plan.kind === 'window') planWindows(host, plan);
  else if (plan.kind === 'coin-window') planCoinWindows(host, plan);
  else if (plan.kind === 'coin-ladder') planCoinLadders(host, plan);
  else if (plan.kind === 'league') planLeagues(host, plan);
  else planFigures(host, plan);
}

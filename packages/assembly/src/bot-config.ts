import { RiskConfig } from '@kalshi-mm/risk';
import { ScannerConfig } from '@kalshi-mm/scanner';
import { AsMakerConfig } from '@kalshi-mm/strategies';
import { z } from 'zod';
import {
  AnalyticsConfig,
  DiscoveryConfig,
  ExchangeConfig,
  ExecutionConfig,
  PollingConfig,
  SimulationConfig,
  WebsocketsConfig,
} from './host-config.ts';

/**
 * The configuration file of a maker bot. One file serves the live bot, paper trading and the backtester, so that
 * what was tested is what runs.
 */
export const BotConfig = z.strictObject({
  mode: z
    .enum(['paper', 'live'])
    .default('paper')
    .describe(
      'live: real orders on a real exchange, with the --live flag as well; paper: none. A local exchange needs neither.',
    ),
  exchange: ExchangeConfig.prefault({}),
  websockets: WebsocketsConfig.prefault({}),
  polling: PollingConfig.prefault({}),
  discovery: DiscoveryConfig.prefault({}),
  ...ScannerConfig.shape,
  ...AsMakerConfig.shape,
  risk: RiskConfig.prefault({}),
  execution: ExecutionConfig.prefault({}),
  analytics: AnalyticsConfig.prefault({}),
  simulation: SimulationConfig.prefault({}),
});

export type BotConfig = z.output<typeof BotConfig>;

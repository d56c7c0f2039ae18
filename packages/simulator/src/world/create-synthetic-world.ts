import { createRandom, FeeRounding, type Ticker, type Timestamp } from '@kalshi-mm/core';
import { createExchangeParts, type SimulatedExchange } from '../create-exchange.ts';
import type { OutputListener } from '../exchange-state.ts';
import { type CalendarName, configOf } from './calendars/calendars.ts';
import { generate } from './generate.ts';
import type { WorldConfig } from './world-config.ts';
import type { WorldReference } from './world-reference.ts';

export interface SyntheticWorldOptions {
  readonly seed: number | string;
  readonly startMs: Timestamp;
  /** What is listed and who lives there: the name of a calendar, or one's own. @default 'small' */
  readonly config?: WorldConfig | CalendarName;
  /** @default FeeRounding.DIRECT_MEMBER */
  readonly rounding?: FeeRounding;
  /** @default 'reject' */
  readonly postOnlyCross?: 'reject' | 'cancel';
  readonly onOutput?: OutputListener;
}

export interface SyntheticWorld {
  readonly exchange: SimulatedExchange;
  /** Titles, strikes, games: what is known of the markets beyond what trading needs. */
  readonly reference: WorldReference;
  /** What the inhabitants believe a market is worth, in cents; null when it does not trade. */
  fairCents(ticker: Ticker): number | null;
}

/**
 * A living exchange: markets that open, trade, close, settle and are followed by the next, driven by
 * `exchange.advanceTo`. The same options, and the same orders of users, give the same outputs to the byte.
 *
 * @throws MmError `bad-world` for a configuration that cannot be
 */
export function createSyntheticWorld(options: SyntheticWorldOptions): SyntheticWorld {
  const { seed, startMs } = options;
  const parts = createExchangeParts({
    idSeed: seed,
    startMs,
    rounding: options.rounding ?? FeeRounding.DIRECT_MEMBER,
    postOnlyCross: options.postOnlyCross ?? 'reject',
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
  });
  const { config = 'small' } = options;
  const host = generate(parts, configOf(config), createRandom(seed));
  return {
    exchange: parts.exchange,
    reference: host.facts,
    fairCents: (ticker) => host.fairCents(ticker),
  };
}

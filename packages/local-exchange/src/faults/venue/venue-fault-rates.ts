import { z } from 'zod';

const rate = z.number().min(0).max(1).default(0);

/**
 * What can happen to the exchange itself. The probability is one per simulated minute and thing that it can happen to
 * (the exchange, a shard, an open market, an event), for disputes one per result.
 */
export const venueFaultRates = {
  tradingPause: rate.describe('Pause trading everywhere for `pauseMs`; per minute.'),
  exchangePause: rate.describe('Pause everything, cancels included, for `pauseMs`; per minute.'),
  shardTradingPause: rate.describe('Pause trading on a shard for `pauseMs`; per minute and shard.'),
  shardExchangePause: rate.describe('Pause everything on a shard for `pauseMs`; per minute and shard.'),
  marketPause: rate.describe(
    'Deactivate a market, and reactivate it after `marketPauseMs`, which cancels what rests; per minute and market.',
  ),
  closeEarlier: rate.describe(
    'Move the close of a market that is open for longer to `closeInMs` from now; per minute and market.',
  ),
  disputeUpheld: rate.describe('Challenge a result, and uphold it `disputeMs` later; per result.'),
  disputeOverturned: rate.describe(
    'Challenge a result, and amend it to its opposite `disputeMs` later; per result.',
  ),
  feeChange: rate.describe(
    'Charge takers and makers of an event twice its multiplier for `feeChangeMs`; per minute and event.',
  ),
  clockStep: rate.describe(
    'Move the clock of signatures and of `Date` by `clockStepMs`, and the next time back; per minute.',
  ),
} as const;

export type VenueFaultName = keyof typeof venueFaultRates;

export const VENUE_FAULT_NAMES = Object.keys(venueFaultRates) as VenueFaultName[];

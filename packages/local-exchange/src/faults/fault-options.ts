import { z } from 'zod';
import { venueFaultRates } from './venue/venue-fault-rates.ts';

const rate = z.number().min(0).max(1).default(0);

/** What can go wrong, one line per fault; each is a probability between 0 and 1. */
const rates = {
  restUnavailable: rate.describe('Answer 503 before anything has happened; nothing is billed.'),
  restReset: rate.describe('Cut the connection before anything has happened.'),
  restRateLimited: rate.describe('Answer 429 although the tokens are there; none are taken.'),
  restReject: rate.describe('Refuse a write with 400 `invalid_parameters`; billed, and nothing done.'),
  restCancelReset: rate.describe('Cut the connection before a cancel: cancel-timeout-still-live.'),
  restCancelApplyThenReset: rate.describe(
    'Carry a cancel out, then cut the connection: cancel-timeout-cancelled.',
  ),
  restApplyThenReset: rate.describe('Carry a write out, then cut the connection: timeout-but-placed.'),
  restApplyThenUnavailable: rate.describe('Carry a write out, then answer 503.'),
  restEmptyBody: rate.describe('Answer with the right 2xx status and no body.'),
  restLate: rate.describe('Carry the request out, and answer `restLateMs` later.'),
  restBatchEntryFails: rate.describe('Refuse one order of a batch with `service_unavailable`, per order.'),
  feedDrop: rate.describe('Leave a data frame out; its `seq` is used up.'),
  feedDuplicate: rate.describe('Send a data frame twice.'),
  feedRepeatFill: rate.describe('Send a `fill` once more, unchanged, `feedRepeatMs` later.'),
  feedWithhold: rate.describe(
    'Keep a `fill` or `user_order` back for `feedWithholdMs` while others pass; reads tell it at once.',
  ),
  feedReorder: rate.describe('Hold a data frame back until the next frame has gone out.'),
  feedDelay: rate.describe('Hold the whole connection back for `feedDelayMs`, order kept.'),
  feedSkipSeq: rate.describe('Leave a number out before a numbered frame.'),
  feedRepeatSeq: rate.describe('Give a numbered frame the number of the one before it.'),
  feedSnapshot: rate.describe('Send a snapshot that nobody asked for right after a delta.'),
  feedDisconnect: rate.describe('Cut the connection without a close frame.'),
  feedHalfOpen: rate.describe('Send nothing more and answer nothing, pings included, and stay connected.'),
  feedChannelError: rate.describe('End the subscription with error 10.'),
  feedOverflow: rate.describe('End the subscription with error 25.'),
  ...venueFaultRates,
} as const;

export type FaultName = keyof typeof rates;

export const FAULT_NAMES = Object.keys(rates) as [FaultName, ...FaultName[]];

const match = z
  .string()
  .min(1)
  .describe(
    'Only where it fits: a REST operation such as `POST /portfolio/events/orders`, a frame type such as `fill`, or the ticker of a market or event or the number of a shard.',
  );

/** How often, and where, an ordered fault happens. */
export const FaultOrder = z.strictObject({
  times: z.int().min(1).default(1).describe('How often it happens.'),
  match: match.optional(),
});

export type FaultOrder = z.input<typeof FaultOrder>;

/** Faults of the local exchange: probabilities, and a script of single ones. All off unless named. */
export const FaultOptions = z.strictObject({
  seed: z.union([z.int(), z.string()]).default(0).describe('Decides what is hit, and when.'),
  ...rates,
  restLateMs: milliseconds(1_000, 'of a late answer.'),
  feedDelayMs: milliseconds(1_000, 'of a held connection.'),
  feedWithholdMs: milliseconds(1_000, 'of a withheld frame.'),
  feedRepeatMs: milliseconds(1_000, 'from a fill to its repetition.'),
  pauseMs: milliseconds(10_000, 'of a pause of trading or of everything.'),
  marketPauseMs: milliseconds(10_000, 'from deactivation to reactivation.'),
  closeInMs: milliseconds(60_000, 'to a close that was moved earlier.'),
  disputeMs: milliseconds(5_000, 'from a dispute to its end.'),
  feeChangeMs: milliseconds(60_000, 'of changed fees.'),
  clockSkewMs: z
    .number()
    .default(0)
    .describe('The clock of signatures and of `Date` is ahead by this, wall ms; negative: behind.'),
  clockStepMs: z.number().default(30_000).describe('How far `clockStep` moves that clock, wall ms.'),
  staleReadsMs: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Orders, positions, fills, settlements, balance and user_data_timestamp are at least this old, simulated ms.',
    ),
  script: z
    .array(
      FaultOrder.extend({
        fault: z.enum(FAULT_NAMES).describe('Which fault.'),
        afterMs: z.number().min(0).default(0).describe('Simulated milliseconds after the start.'),
      }),
    )
    .default([])
    .describe('Faults that happen for certain, from a moment on, to the next thing that fits.'),
});

function milliseconds(byDefault: number, what: string) {
  return z.number().positive().default(byDefault).describe(`Simulated milliseconds ${what}`);
}

/** As given: what is left out is off. */
export type FaultOptions = z.input<typeof FaultOptions>;

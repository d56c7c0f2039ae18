import { z } from 'zod';

const rate = z.number().min(0).max(1).default(0);

/** What can go wrong, one line per fault; each is a probability between 0 and 1. */
const rates = {
  restUnavailable: rate.describe('Answer 503 before anything has happened; nothing is billed.'),
  restReset: rate.describe('Cut the connection before anything has happened.'),
  restRateLimited: rate.describe('Answer 429 although the tokens are there; none are taken.'),
  restApplyThenReset: rate.describe('Carry a write out, then cut the connection: timeout-but-placed.'),
  restApplyThenUnavailable: rate.describe('Carry a write out, then answer 503.'),
  restEmptyBody: rate.describe('Answer with the right 2xx status and no body.'),
  restLate: rate.describe('Carry the request out, and answer `restLateMs` later.'),
  restBatchEntryFails: rate.describe('Refuse one order of a batch with `service_unavailable`, per order.'),
  feedDrop: rate.describe('Leave a data frame out; its `seq` is used up.'),
  feedDuplicate: rate.describe('Send a data frame twice.'),
  feedReorder: rate.describe('Hold a data frame back until the next frame has gone out.'),
  feedDelay: rate.describe('Hold the whole connection back for `feedDelayMs`, order kept.'),
  feedSkipSeq: rate.describe('Leave a number out before a numbered frame.'),
  feedRepeatSeq: rate.describe('Give a numbered frame the number of the one before it.'),
  feedDisconnect: rate.describe('Cut the connection without a close frame.'),
  feedHalfOpen: rate.describe('Send nothing more and answer nothing, pings included, and stay connected.'),
  feedChannelError: rate.describe('End the subscription with error 10.'),
  feedOverflow: rate.describe('End the subscription with error 25.'),
} as const;

export type FaultName = keyof typeof rates;

export const FAULT_NAMES = Object.keys(rates) as [FaultName, ...FaultName[]];

const match = z
  .string()
  .min(1)
  .describe(
    'Only where it fits: a REST operation such as `POST /portfolio/events/orders`, or a frame type such as `fill`.',
  );

/** How often, and where, an ordered fault happens. */
export const FaultOrder = z.strictObject({
  times: z.int().min(1).default(1).describe('How often it happens.'),
  match: match.optional(),
});

export type FaultOrder = z.input<typeof FaultOrder>;

/** Faults of the local exchange: probabilities, and a script of single ones. All off unless named. */
export const FaultOptions = z.strictObject({
  seed: z.union([z.int(), z.string()]).default(0).describe('Decides which requests and frames are hit.'),
  ...rates,
  restLateMs: z.number().positive().default(1_000).describe('Simulated milliseconds of a late answer.'),
  feedDelayMs: z.number().positive().default(1_000).describe('Simulated milliseconds of a held connection.'),
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

/** As given: what is left out is off. */
export type FaultOptions = z.input<typeof FaultOptions>;

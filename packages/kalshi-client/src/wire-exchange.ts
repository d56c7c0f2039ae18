import type { Timestamp } from '@kalshi-mm/core';
import { z } from 'zod';
import { isoTime, optional } from './wire-fields.ts';

/** Whether the exchange, or one shard of it, runs and trades. */
export interface ExchangeStatus {
  readonly exchangeActive: boolean;
  readonly tradingActive: boolean;
  readonly resumeMs: Timestamp | null;
  /** By shard; empty when the exchange does not tell. The flags above are those of shard 0. */
  readonly shards: readonly {
    readonly exchangeIndex: number;
    readonly exchangeActive: boolean;
    readonly tradingActive: boolean;
  }[];
}

export const exchangeStatusAnswer = z
  .object({
    exchange_active: z.boolean(),
    trading_active: z.boolean(),
    exchange_estimated_resume_time: optional(isoTime),
    exchange_index_statuses: optional(
      z.array(
        z.object({
          exchange_index: z.number().int(),
          exchange_active: z.boolean(),
          trading_active: z.boolean(),
        }),
      ),
    ),
  })
  .transform(
    (wire): ExchangeStatus => ({
      exchangeActive: wire.exchange_active,
      tradingActive: wire.trading_active,
      resumeMs: wire.exchange_estimated_resume_time,
      shards: (wire.exchange_index_statuses ?? []).map((shard) => ({
        exchangeIndex: shard.exchange_index,
        exchangeActive: shard.exchange_active,
        tradingActive: shard.trading_active,
      })),
    }),
  );

export const userDataTimestampAnswer = z.object({ as_of_time: isoTime });

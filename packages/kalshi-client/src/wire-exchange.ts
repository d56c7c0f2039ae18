import type { Timestamp } from '@kalshi-mm/core';
import * as z from 'zod';
import { flag, isoTime, optional, text, whole, wire } from './wire-fields.ts';

export const exchangeStatusAnswer = wire({
  exchange_active: flag,
  trading_active: flag,
  intra_exchange_transfers_active: optional(flag),
  exchange_estimated_resume_time: optional(isoTime),
  exchange_index_statuses: optional(
    z.array(
      wire({
        exchange_index: whole,
        description: text,
        exchange_active: flag,
        trading_active: flag,
        intra_exchange_transfers_active: optional(flag),
      }),
    ),
  ),
});

export type WireExchangeStatus = z.output<typeof exchangeStatusAnswer>;

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

export function toExchangeStatus(status: WireExchangeStatus): ExchangeStatus {
  return {
    exchangeActive: status.exchange_active,
    tradingActive: status.trading_active,
    resumeMs: status.exchange_estimated_resume_time,
    shards: (status.exchange_index_statuses ?? []).map((shard) => ({
      exchangeIndex: shard.exchange_index,
      exchangeActive: shard.exchange_active,
      tradingActive: shard.trading_active,
    })),
  };
}

export const userDataTimestampAnswer = wire({ as_of_time: isoTime });

/** Times of day in New York, `HH:MM`; several sessions a day are possible. */
const day = z.array(wire({ open_time: z.string(), close_time: z.string() }));

const week = wire({
  start_time: isoTime,
  end_time: isoTime,
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
  saturday: day,
  sunday: day,
});

export const scheduleAnswer = wire({
  schedule: wire({
    standard_hours: z.array(week),
    maintenance_windows: z.array(wire({ start_datetime: isoTime, end_datetime: isoTime })),
  }),
});

export type ExchangeSchedule = z.output<typeof scheduleAnswer>['schedule'];

import { parseDecimal, type Timestamp } from '@kalshi-mm/core';
import { z } from 'zod';
import type { PriceAverage } from './frames.ts';
import { field, integer, optionalId, text, time } from './wire-fields.ts';

/** Dollars with up to eight decimals; integers of 1e-8 dollar. */
const value = field((digits) => parseDecimal(digits, 8));

const average = z
  .object({ value, window_size: integer, window_start_ts_ms: time, window_end_ts_exclusive: time })
  .transform(
    (window): PriceAverage => ({
      value: window.value,
      size: window.window_size,
      startMs: window.window_start_ts_ms,
      endMs: window.window_end_ts_exclusive,
    }),
  )
  .nullish();

/** The provider's own message, which comes as a text within ours. */
const upstream = z
  .string()
  .transform((json, context): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      context.addIssue({ code: 'custom', message: 'the text of a JSON object' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ time, value }));

export const IndexPrice = z
  .object({
    type: z.literal('cfbenchmarks_value'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      index_id: text,
      received_at: time,
      data: upstream,
      avg_60s_data: average,
      last_60s_windowed_average_15min: average,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    name: msg.index_id,
    value: msg.data.value,
    sourceMs: msg.data.time,
    receivedMs: msg.received_at,
    average60s: msg.avg_60s_data ?? null,
    settlementAverage: msg.last_60s_windowed_average_15min ?? null,
  }));

export const FastIndexPrice = z
  .object({
    type: z.literal('cfbenchmarks_value_5hz'),
    sid: integer,
    seq: optionalId,
    msg: z.object({ index_id: text, value_usd: value, source_ts_ms: time, received_at: time }),
  })
  .transform(({ msg, ...head }) => ({
    ...bare(msg.index_id, msg),
    type: head.type,
    sid: head.sid,
    seq: head.seq,
  }));

export const UnderlyingPrice = z
  .object({
    type: z.literal('pyth_value'),
    sid: integer,
    seq: optionalId,
    msg: z.object({ underlying_ticker: text, value_usd: value, source_ts_ms: time, received_at: time }),
  })
  .transform(({ msg, ...head }) => ({
    ...bare(msg.underlying_ticker, msg),
    type: head.type,
    sid: head.sid,
    seq: head.seq,
  }));

function bare(
  name: string,
  msg: { readonly value_usd: number; readonly source_ts_ms: Timestamp; readonly received_at: Timestamp },
) {
  return {
    name,
    value: msg.value_usd,
    sourceMs: msg.source_ts_ms,
    receivedMs: msg.received_at,
    average60s: null,
    settlementAverage: null,
  };
}

export const IndexNames = z
  .object({
    type: z.enum(['cfbenchmarks_value_indexlist', 'cfbenchmarks_value_5hz_indexlist']),
    id: optionalId,
    sid: optionalId,
    seq: optionalId,
    msg: z.object({ index_ids: z.array(text) }),
  })
  .transform(({ msg, ...head }) => ({ ...head, names: msg.index_ids }));

export const UnderlyingNames = z
  .object({
    type: z.literal('pyth_value_underlying_list'),
    id: optionalId,
    sid: optionalId,
    seq: optionalId,
    msg: z.object({ underlying_tickers: z.array(text) }),
  })
  .transform(({ msg, ...head }) => ({ ...head, names: msg.underlying_tickers }));

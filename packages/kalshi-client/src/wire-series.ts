import * as z from 'zod';
import { settlementSource } from './wire-event.ts';
import {
  anyObject,
  count,
  id,
  isoTime,
  multiplierMicros,
  optional,
  shard,
  text,
  wire,
  word,
} from './wire-fields.ts';

/** A series object of `GET /series`. */
export const wireSeries = wire({
  ticker: id,
  title: z.string(),
  category: text,
  categories: optional(z.array(z.string())),
  tags: optional(z.array(z.string())),
  frequency: text,
  fee_type: id,
  fee_multiplier: multiplierMicros,
  settlement_sources: optional(z.array(settlementSource)),
  contract_url: text,
  contract_terms_url: text,
  additional_prohibitions: optional(z.array(z.string())),
  product_metadata: optional(anyObject),
  volume_fp: optional(count),
  last_updated_ts: optional(isoTime),
  /** Of new events only; a listed market tells its own shard. */
  exchange_index: shard,
});

export type WireSeries = z.output<typeof wireSeries>;

export const feeType = word(
  'quadratic',
  'quadratic_with_maker_fees',
  'quadratic_with_combo_maker_fees',
  'flat',
);

export const seriesAnswer = wire({ series: wireSeries });

import { z } from 'zod';
import { multiplierMicros, optional } from './wire-fields.ts';

/** A series object of `GET /series`. */
const wireSeries = z.object({
  ticker: z.string().min(1),
  title: z.string(),
  category: optional(z.string()),
  frequency: optional(z.string()),
  fee_type: z.string().min(1),
  fee_multiplier: multiplierMicros,
});

export type WireSeries = z.output<typeof wireSeries>;

export const seriesAnswer = z.object({ series: wireSeries });

import { z } from 'zod';

/** `throttling`: when quotes are widened, by how much, and how soon that starts and stops. */
export const ThrottlingConfig = z
  .strictObject({
    trigger_threshold: z.int().min(1).default(3).describe('Consecutive bad checks before a widening starts'),
    recovery_threshold: z.int().min(1).default(5).describe('Consecutive good checks before it stops'),
    max_spread_threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.2)
      .describe('A market spread above this is a bad check, dollars'),
    spread_widen_ticks: z.int().min(0).default(5).describe('Widening of each side after wide spreads, ticks'),
    max_total_widened_spread: z
      .number()
      .gt(0)
      .max(1)
      .default(0.15)
      .describe('Widening stops where the total spread would pass this, dollars'),
    min_book_depth: z
      .number()
      .min(0)
      .default(100)
      .describe(
        'Less depth than this (best 10 levels of both sides, without our orders) is a bad check, contracts',
      ),
    book_thin_widen_ticks: z.int().min(0).default(3).describe('Widening of each side while thin, ticks'),
    adverse_selection_window_seconds: z.number().gt(0).default(300).describe('Fills looked back on, seconds'),
    adverse_selection_threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.7)
      .describe('Share of fills on the wrong side that is a bad check, 0 to 1'),
    adverse_selection_min_fills: z
      .int()
      .min(1)
      .default(3)
      .describe('Fewer fills than this in the window prove nothing'),
    adverse_selection_widen_ticks: z
      .int()
      .min(0)
      .default(3)
      .describe('Widening of each side while picked off, ticks'),
  })
  .describe('When quotes are widened, by how much, and how soon that starts and stops.');

export type ThrottlingConfig = z.output<typeof ThrottlingConfig>;

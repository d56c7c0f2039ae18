import * as z from 'zod';
import { encode, page, request } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import {
  centiCents,
  count,
  cursor,
  flag,
  id,
  isoTime,
  optional,
  text,
  whole,
  wire,
  word,
} from '../wire-fields.ts';

const programsQuery = request({
  ...page,
  status: z.enum(['all', 'active', 'upcoming', 'closed', 'paid_out']).optional(),
  type: z.enum(['all', 'liquidity', 'volume', 'margin_maker_volume', 'margin_taker_volume']).optional(),
  incentive_description: z.string().optional(),
});

export type GetIncentivePrograms = z.input<typeof programsQuery>;

const program = wire({
  id,
  market_id: text,
  market_ticker: id,
  incentive_type: word('liquidity', 'volume', 'margin_maker_volume', 'margin_taker_volume'),
  incentive_description: text,
  start_date: isoTime,
  end_date: isoTime,
  /** The whole pool. */
  period_reward: centiCents,
  paid_out: flag,
  /** Ten-thousandths. */
  discount_factor_bps: optional(whole),
  target_size_fp: optional(count),
  max_reward_per_account: optional(centiCents),
});

export type IncentiveProgram = z.output<typeof program>;

const programsPage = wire({ incentive_programs: z.array(program), next_cursor: cursor }).transform(
  ({ next_cursor, ...answer }) => ({ ...answer, cursor: next_cursor }),
);

export type IncentiveProgramsPage = z.output<typeof programsPage>;

/** One page of incentive programs, 10,000 at most: one for each market and window. Filter by status. */
export function getIncentivePrograms(
  http: RestReader,
  query: GetIncentivePrograms = {},
): Promise<IncentiveProgramsPage> {
  const filters = encode(programsQuery, query, 'GET /incentive_programs');
  return http.get(route`/incentive_programs`, programsPage, filters);
}

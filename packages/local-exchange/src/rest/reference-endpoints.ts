import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, type RestReply, read } from './endpoint.ts';
import { pageOf } from './page.ts';
import { queryOf } from './query.ts';

/** Lists about the world outside the exchange: there is none here, so they are empty, in their documented shapes. */
export const referenceEndpoints: readonly Endpoint[] = [
  read('/incentive_programs', 'public', incentives),
  read('/search/tags_by_categories', 'public', tags),
  read('/search/filters_by_sport', 'public', () => ok({ filters_by_sports: {}, sport_ordering: [] })),
  read('/structured_targets', 'public', () => ok({ structured_targets: [], cursor: '' })),
  read('/structured_targets/:structured_target_id', 'public', unknown),
  read('/milestones', 'public', milestones),
  read('/milestones/:milestone_id', 'public', unknown),
  read('/live_data/batch', 'public', () => ok({ live_datas: [] })),
  read('/live_data/milestone/:milestone_id', 'public', unknown),
  read('/live_data/milestone/:milestone_id/game_stats', 'public', unknown),
  read('/live_data/events/:event_ticker', 'public', unknown),
  read('/live_data/:type/milestone/:milestone_id', 'public', unknown),
];

function unknown(): RestReply {
  throw ApiError.nested(404, 'not_found');
}

function milestones(call: RestCall) {
  const limit = queryOf(call, 'GetMilestones').integer('limit', 1, 500);
  if (limit === null) throw ApiError.parameter('GetMilestones', 'Limit', 'required');
  return ok({ milestones: [], cursor: '' });
}

function tags({ exchange }: RestCall) {
  const categories = new Set(exchange.markets().map((market) => market.category));
  return ok({ tags_by_categories: Object.fromEntries([...categories].map((category) => [category, []])) });
}

function incentives(call: RestCall) {
  const query = queryOf(call, 'GetIncentivePrograms');
  const status = query.oneOf('status', ['all', 'active', 'upcoming', 'closed', 'paid_out']) ?? 'all';
  const type =
    query.oneOf('type', ['all', 'liquidity', 'volume', 'margin_maker_volume', 'margin_taker_volume']) ??
    'all';
  const description = query.text('incentive_description');
  const now = call.exchange.nowMs;
  const matching = call.records.incentivePrograms.filter((program) => {
    const starts = Date.parse(program.start_date);
    const ends = Date.parse(program.end_date);
    const is = { active: starts <= now && now < ends, upcoming: now < starts, closed: ends <= now };
    return (
      (type === 'all' || program.incentive_type === type) &&
      (description === null || program.incentive_description === description) &&
      (status === 'all' || (status === 'paid_out' ? program.paid_out : is[status]))
    );
  });
  const page = pageOf(query, matching, (program) => program.id, { most: 10_000 });
  return ok({ incentive_programs: page.items, next_cursor: page.cursor });
}

import { incentiveJson } from '../wire/incentive-program.ts';
import { liveDataJson, milestoneJson } from '../wire/milestone-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { pageOf } from './page.ts';
import { queryOf } from './query.ts';

/** Incentive programs, and the world outside the exchange: the games of a generated one, else empty lists. */
export const referenceEndpoints: readonly Endpoint[] = [
  read('/incentive_programs', 'public', incentives),
  read('/search/tags_by_categories', 'public', tags),
  read('/search/filters_by_sport', 'public', sports),
  read('/structured_targets', 'public', () => ok({ structured_targets: [], cursor: '' })),
  read('/structured_targets/:structured_target_id', 'public', unknown),
  read('/milestones', 'public', milestones),
  read('/milestones/:milestone_id', 'public', milestone),
  read('/live_data/batch', 'public', liveDatas),
  read('/live_data/milestone/:milestone_id', 'public', liveData),
  read('/live_data/milestone/:milestone_id/game_stats', 'public', gameStats),
  read('/live_data/events/:event_ticker', 'public', eventLiveData),
  read('/live_data/:type/milestone/:milestone_id', 'public', liveData),
];

function unknown(): never {
  throw ApiError.nested(404, 'not_found');
}

function milestones(call: RestCall) {
  const query = queryOf(call, 'GetMilestones');
  const limit = query.integer('limit', 1, 500);
  if (limit === null) throw ApiError.parameter('GetMilestones', 'Limit', 'required');
  const category = query.text('category')?.toLowerCase() ?? null;
  const competition = query.text('competition');
  const type = query.text('type');
  const event = query.text('related_event_ticker');
  const updatedFrom = query.seconds('min_updated_ts');
  const startText = query.text('minimum_start_date');
  const startFrom = startText === null ? null : Date.parse(startText);
  if (Number.isNaN(startFrom)) throw ApiError.parameter('GetMilestones', 'MinimumStartDate', 'datetime');
  const matching = call.reference.milestones().filter(
    (one) =>
      // A source of its own no game here has.
      query.text('source_id') === null &&
      (category === null || one.category === category) &&
      (competition === null || one.competition === competition) &&
      (type === null || one.type === type) &&
      (event === null || one.relatedEventTickers.includes(event)) &&
      (updatedFrom === null || one.updatedMs >= updatedFrom) &&
      (startFrom === null || one.startMs >= startFrom),
  );
  const page = pageOf(query, matching, ({ id }) => id, { most: 500 });
  return ok({ milestones: page.items.map(milestoneJson), cursor: page.cursor });
}

function milestone(call: RestCall) {
  return ok({ milestone: milestoneJson(milestoneOr404(call)) });
}

function milestoneOr404(call: RestCall) {
  const id = call.param('milestone_id');
  return call.reference.milestones().find((one) => one.id === id) ?? unknown();
}

function liveData(call: RestCall) {
  const id = call.param('milestone_id');
  const type = call.param('type');
  const found = call.reference.liveData(id);
  if (found === null || (type !== '' && type !== found.type)) return unknown();
  return ok({ live_data: liveDataJson(id, found) });
}

function liveDatas({ query, reference }: RestCall) {
  const found = query.getAll('milestone_ids').flatMap((id) => {
    const data = reference.liveData(id);
    return data === null ? [] : [liveDataJson(id, data)];
  });
  return ok({ live_datas: found });
}

/** Play by play is not kept. */
function gameStats(call: RestCall) {
  milestoneOr404(call);
  return ok({ pbp: null });
}

function eventLiveData(call: RestCall) {
  const found = call.reference.eventLiveData(call.param('event_ticker'));
  return found === null ? unknown() : ok({ live_data: { ...found, is_historical: false } });
}

function sports({ reference }: RestCall) {
  const filters: Record<string, { scopes: string[]; competitions: Record<string, { scopes: string[] }> }> =
    {};
  for (const { type, competition } of reference.milestones()) {
    const sport = type.replace(/_(game|match)$/, '');
    filters[sport] ??= { scopes: ['Games'], competitions: {} };
    filters[sport].competitions[competition] = { scopes: ['Games'] };
  }
  return ok({ filters_by_sports: filters, sport_ordering: Object.keys(filters) });
}

function tags({ exchange, reference }: RestCall) {
  const byCategory: Record<string, string[]> = {};
  for (const { category, seriesTicker } of exchange.markets()) {
    byCategory[category] ??= [];
    for (const tag of reference.series(seriesTicker)?.tags ?? []) {
      if (!byCategory[category].includes(tag)) byCategory[category].push(tag);
    }
  }
  return ok({ tags_by_categories: byCategory });
}

function incentives(call: RestCall) {
  const query = queryOf(call, 'GetIncentivePrograms');
  const status = query.oneOf('status', ['all', 'active', 'upcoming', 'closed', 'paid_out']) ?? 'all';
  const type =
    query.oneOf('type', ['all', 'liquidity', 'volume', 'margin_maker_volume', 'margin_taker_volume']) ??
    'all';
  const description = query.text('incentive_description');
  const now = call.exchange.nowMs;
  const matching = call.exchange.incentivePrograms().filter((program) => {
    const { startMs, endMs, paidOut } = program;
    const is = {
      active: startMs <= now && now < endMs,
      upcoming: now < startMs,
      closed: endMs <= now,
      paid_out: paidOut,
    };
    return (
      (type === 'all' || program.type === type) &&
      (description === null || program.description === description) &&
      (status === 'all' || is[status])
    );
  });
  const page = pageOf(query, matching, (program) => program.programId, { most: 10_000 });
  return ok({ incentive_programs: page.items.map(incentiveJson), next_cursor: page.cursor });
}

import * as z from 'zod';
import { encode, page, request, toIso, toRepeated, toSeconds } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { anyObject, cursor, isoTime, optional, text, wire } from '../wire-fields.ts';
import { type WireMilestone, wireMilestone } from '../wire-milestone.ts';

const tagsAnswer = wire({ tags_by_categories: z.record(z.string(), optional(z.array(z.string()))) });

export type TagsByCategories = z.output<typeof tagsAnswer>['tags_by_categories'];

export async function getTagsByCategories(http: RestReader): Promise<TagsByCategories> {
  return (await http.get(route`/search/tags_by_categories`, tagsAnswer)).tags_by_categories;
}

const scopes = z.array(z.string());

const filtersAnswer = wire({
  filters_by_sports: z.record(
    z.string(),
    wire({ scopes, competitions: z.record(z.string(), wire({ scopes })) }),
  ),
  sport_ordering: z.array(z.string()),
});

export type FiltersBySport = z.output<typeof filtersAnswer>;

export function getFiltersBySport(http: RestReader): Promise<FiltersBySport> {
  return http.get(route`/search/filters_by_sport`, filtersAnswer);
}

const target = wire({
  id: text,
  name: text,
  type: text,
  details: optional(anyObject),
  source_id: text,
  source_ids: optional(anyObject),
  last_updated_ts: optional(isoTime),
});

export type StructuredTarget = z.output<typeof target>;

const targetsQuery = request({
  ids: toRepeated.optional(),
  type: z.string().optional(),
  competition: z.string().optional(),
  page_size: z.int().min(1).max(2000).optional(),
  cursor: z.string().optional(),
});

export type GetStructuredTargets = z.input<typeof targetsQuery>;

const targetsPage = wire({ structured_targets: optional(z.array(target)), cursor });

export type StructuredTargetsPage = z.output<typeof targetsPage>;

/** Teams, players and the like, which a market's `custom_strike` points to. */
export function getStructuredTargets(
  http: RestReader,
  query: GetStructuredTargets = {},
): Promise<StructuredTargetsPage> {
  const filters = encode(targetsQuery, query, 'GET /structured_targets');
  return http.get(route`/structured_targets`, targetsPage, filters);
}

const targetAnswer = wire({ structured_target: optional(target) });

export async function getStructuredTarget(http: RestReader, id: string): Promise<StructuredTarget | null> {
  return (await http.get(route`/structured_targets/${id}`, targetAnswer)).structured_target;
}

const milestonesQuery = request({
  ...page,
  /** The exchange insists on one. */
  limit: z.int().min(1),
  minimum_start_date: toIso.optional(),
  category: z.string().optional(),
  competition: z.string().optional(),
  source_id: z.string().optional(),
  type: z.string().optional(),
  related_event_ticker: z.string().optional(),
  min_updated_ts: toSeconds.optional(),
});

export type GetMilestones = z.input<typeof milestonesQuery>;

const milestonesPage = wire({ milestones: z.array(wireMilestone), cursor });

export type MilestonesPage = z.output<typeof milestonesPage>;

/** Games, races and the like, each with all events about it. */
export function getMilestones(http: RestReader, query: GetMilestones): Promise<MilestonesPage> {
  const filters = encode(milestonesQuery, query, 'GET /milestones');
  return http.get(route`/milestones`, milestonesPage, filters);
}

const milestoneAnswer = wire({ milestone: wireMilestone });

export async function getMilestone(http: RestReader, id: string): Promise<WireMilestone> {
  return (await http.get(route`/milestones/${id}`, milestoneAnswer)).milestone;
}

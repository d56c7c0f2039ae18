import * as z from 'zod';
import { encode, page, request } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import { cursor, flag, id, isoTime, optional, shard, text, whole, wire } from '../wire-fields.ts';
import { wireMarket } from '../wire-market.ts';

const collection = wire({
  collection_ticker: id,
  series_ticker: id,
  title: text,
  description: text,
  open_date: isoTime,
  close_date: isoTime,
  associated_events: z.array(
    wire({
      ticker: id,
      is_yes_only: flag,
      size_max: optional(whole),
      size_min: optional(whole),
      active_quoters: optional(z.array(z.string())),
    }),
  ),
  associated_event_tickers: optional(z.array(z.string())),
  is_ordered: flag,
  is_single_market_per_event: optional(flag),
  is_all_yes: optional(flag),
  /** Legs of a combo. */
  size_min: whole,
  size_max: whole,
  functional_description: text,
  exchange_index: shard,
});

export type Collection = z.output<typeof collection>;

const collectionsQuery = request({
  ...page,
  status: z.enum(['unopened', 'open', 'closed']).optional(),
  associated_event_ticker: z.string().optional(),
  series_ticker: z.string().optional(),
});

export type GetCollections = z.input<typeof collectionsQuery>;

const collectionsPage = wire({ multivariate_contracts: z.array(collection), cursor });

export type CollectionsPage = z.output<typeof collectionsPage>;

/** What combos can be made of. */
export function getCollections(http: RestReader, query: GetCollections = {}): Promise<CollectionsPage> {
  const filters = encode(collectionsQuery, query, 'GET /multivariate_event_collections');
  return http.get(route`/multivariate_event_collections`, collectionsPage, filters);
}

const collectionAnswer = wire({ multivariate_contract: collection });

export async function getCollection(http: RestReader, collectionTicker: string): Promise<Collection> {
  const at = route`/multivariate_event_collections/${collectionTicker}`;
  return (await http.get(at, collectionAnswer)).multivariate_contract;
}

const comboBody = request({
  selected_markets: z
    .array(request({ market_ticker: z.string(), event_ticker: z.string(), side: z.enum(['yes', 'no']) }))
    .min(1),
  with_market_payload: z.boolean().optional(),
});

export type CreateCombo = z.input<typeof comboBody>;

const comboAnswer = wire({ event_ticker: id, market_ticker: id, market: optional(wireMarket) });

export type Combo = z.output<typeof comboAnswer>;

/** Opens the market of a combo, or finds it when it exists. 5,000 a week. */
export function createCombo(http: RestWriter, collectionTicker: string, combo: CreateCombo): Promise<Combo> {
  const at = route`/multivariate_event_collections/${collectionTicker}`;
  const body = encode(comboBody, combo, 'POST /multivariate_event_collections/{collection_ticker}');
  return http.send({ method: 'POST', route: at, body, priority: 'read' }, comboAnswer);
}

import type { QueryReader } from './query.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty on the last page. */
  readonly cursor: string;
}

/**
 * Cuts one page out of a list by the `limit` and `cursor` of the query. The cursor names the last item already
 * given, so it stays right while the list grows at either end; a cursor that names nothing starts from the top,
 * as on the exchange.
 */
export function pageOf<Item>(
  query: QueryReader,
  items: readonly Item[],
  idOf: (item: Item) => string,
  { standard = 100, most = 1_000 }: { readonly standard?: number; readonly most?: number } = {},
): Page<Item> {
  const limit = query.integer('limit', 0, most) || standard;
  const cursor = query.text('cursor');
  const last = cursor === null ? null : Buffer.from(cursor, 'base64url').toString();
  const from = last === null ? 0 : items.findIndex((item) => idOf(item) === last) + 1;
  const page = items.slice(from, from + limit);
  const end = page.at(-1);
  const more = end !== undefined && from + limit < items.length;
  return { items: page, cursor: more ? Buffer.from(idOf(end)).toString('base64url') : '' };
}

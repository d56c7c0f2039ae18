import { MmError } from '@kalshi-mm/core';
import type { RestReader } from './rest-reader.ts';

/** What the answer of every list has. */
export interface Page {
  /** Where the next page begins; null on the last one. */
  readonly cursor: string | null;
}

/**
 * Walks a paged list, one answer at a time; the next is read when it is asked for. To resume, begin with the `cursor`
 * of the last page that was dealt with. A cursor that comes back a second time is an error: the exchange accepts a
 * wrong cursor silently, and the walk would never end.
 *
 * @example for await (const { markets } of pagesOf(getMarkets, http, { status: 'open' })) …
 * @throws MmError `paging-loop`
 */
export async function* pagesOf<
  Query extends { cursor?: string | undefined } | undefined,
  Answer extends Page,
>(
  read: (http: RestReader, query: Query) => Promise<Answer>,
  http: RestReader,
  query: NoInfer<NonNullable<Query>>,
): AsyncGenerator<Answer, void, undefined> {
  const seen = new Set<string>();
  let next = query;
  for (;;) {
    const page = await read(http, next);
    yield page;
    const { cursor } = page;
    if (cursor === null) return;
    if (seen.has(cursor)) {
      throw new MmError('paging-loop', `${read.name}: the same cursor came twice after ${seen.size} pages`, {
        todo: 'Read the list again; if it persists, the exchange has changed its paging.',
        recovery: 'retry',
      });
    }
    seen.add(cursor);
    next = { ...query, cursor };
  }
}

/** The lists of a walk, translated: what the client's methods return. */
export async function* lists<Answer, Item>(
  walk: AsyncIterable<Answer>,
  items: (answer: Answer) => readonly Item[],
): AsyncGenerator<readonly Item[], void, undefined> {
  for await (const answer of walk) yield items(answer);
}

/** All items of a paged list in one array; complete, or it throws. */
export async function collect<Item>(list: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of list) for (const item of page) items.push(item);
  return items;
}

import { MmError } from '@kalshi-mm/core';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty or null on the last page. */
  readonly cursor: string | null;
}

/**
 * Walks a paged list, one array per page. A cursor that comes back a second time is an error: the exchange accepts
 * a wrong cursor silently, and the walk would never end.
 *
 * @throws MmError `paging-loop`
 */
export async function* pages<Item>(
  source: string,
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[], void, undefined> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const page = await read(cursor);
    yield page.items;
    if (page.cursor === null || page.cursor === '') return;
    if (seen.has(page.cursor)) {
      throw new MmError('paging-loop', `${source}: the same cursor came twice after ${seen.size} pages`, {
        todo: 'Read the list again; if it persists, the exchange has changed its paging.',
        recovery: 'retry',
      });
    }
    seen.add(page.cursor);
    cursor = page.cursor;
  }
}

/** All items of a paged list in one array; complete, or it throws. */
export async function collect<Item>(list: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of list) for (const item of page) items.push(item);
  return items;
}

import { type BookView, Count, Price } from '@kalshi-mm/core';

/** `[price, count]`, both as the wire prints them. */
export type LevelJson = [price: string, count: string];

/** `orderbook_fp`: bids of both legs in their own prices, ascending, best level last. */
export function bookJson(
  book: BookView,
  depth: number | null,
): { yes_dollars: LevelJson[]; no_dollars: LevelJson[] } {
  return { yes_dollars: yesLevels(book, depth), no_dollars: noLevels(book, depth, false) };
}

export function yesLevels(book: BookView, depth: number | null = null): LevelJson[] {
  const levels: LevelJson[] = [];
  book.forEachLevel('bid', (price, count) => {
    levels.push([Price.format(price), Count.format(count)]);
    return levels.length !== depth;
  });
  return levels.reverse();
}

/** NO bids are YES asks; in NO prices unless `useYesPrice`. */
export function noLevels(book: BookView, depth: number | null, useYesPrice: boolean): LevelJson[] {
  const levels: LevelJson[] = [];
  book.forEachLevel('ask', (price, count) => {
    const shown = useYesPrice ? price : Price.complement(price);
    levels.push([Price.format(shown), Count.format(count)]);
    return levels.length !== depth;
  });
  return levels.reverse();
}

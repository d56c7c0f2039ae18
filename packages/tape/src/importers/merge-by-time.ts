import type { RowGroup } from './trade-pairing.ts';

/** Batches of groups, each source in the order of its own receive times. */
export type GroupSource = AsyncGenerator<readonly RowGroup[]>;

/** Merges sources by receive time; groups of equal time keep the order of the sources. */
export async function* mergeByTime(sources: readonly GroupSource[]): AsyncGenerator<readonly RowGroup[]> {
  const heads: Head[] = [];
  for (const source of sources) {
    const head: Head = { source, batch: [], at: 0 };
    if (await refill(head)) heads.push(head);
  }
  try {
    while (heads.length > 0) {
      const first = heads.reduce((best, head) => (timeOf(head) < timeOf(best) ? head : best));
      const place = heads.indexOf(first);
      // Everything of the first source that comes before the next one's head leaves in one go.
      let limit = Number.POSITIVE_INFINITY;
      let inclusive = true;
      heads.forEach((head, i) => {
        if (head === first) return;
        const time = timeOf(head);
        if (time < limit) {
          limit = time;
          inclusive = place < i;
        } else if (time === limit && i < place) {
          inclusive = false;
        }
      });
      const from = first.at;
      while (first.at < first.batch.length) {
        const time = timeOf(first);
        if (time > limit || (time === limit && !inclusive)) break;
        first.at++;
      }
      yield first.batch.slice(from, first.at);
      if (first.at === first.batch.length && !(await refill(first))) heads.splice(place, 1);
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

interface Head {
  readonly source: GroupSource;
  batch: readonly RowGroup[];
  at: number;
}

const timeOf = (head: Head): number => head.batch[head.at]![0]!.recvMs;

async function refill(head: Head): Promise<boolean> {
  do {
    const { value, done } = await head.source.next();
    if (done === true) return false;
    head.batch = value;
    head.at = 0;
  } while (head.batch.length === 0);
  return true;
}

/** Work to be done at a time. Equal times run in the order in which they were added. */
export class Schedule {
  readonly #heap: Item[] = [];
  #sequence = 0;

  /** Time of the next item, `Infinity` when there is none. */
  nextMs: number = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#heap.length;
  }

  add(atMs: number, run: () => void): void {
    const heap = this.#heap;
    const item: Item = { atMs, sequence: this.#sequence++, run };
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
    this.nextMs = heap[0]!.atMs;
  }

  /** Removes the next item; null when there is none. */
  take(): Item | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined) return null;
    const last = heap.pop()!;
    if (heap.length > 0) {
      sink(heap, last);
      this.nextMs = heap[0]!.atMs;
    } else {
      this.nextMs = Number.POSITIVE_INFINITY;
    }
    return first;
  }
}

interface Item {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

function before(a: Item, b: Item): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}

function sink(heap: Item[], item: Item): void {
  const size = heap.length;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}

/**
 * The latest samples of one market, oldest first, in typed columns: bounded, and without allocation once built.
 * Index 0 is the oldest sample that is still held. The columns are twice the capacity, so that the samples lie in
 * one piece and move only once per `capacity` pushes.
 */
export class SampleWindow {
  readonly #capacity: number;
  readonly #atMs: Float64Array;
  readonly #midCents: Float64Array;
  readonly #spreadCents: Float64Array;
  readonly #depthContracts: Float64Array;
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#atMs = new Float64Array(2 * capacity);
    this.#midCents = new Float64Array(2 * capacity);
    this.#spreadCents = new Float64Array(2 * capacity);
    this.#depthContracts = new Float64Array(2 * capacity);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds a sample, not older than the last; the oldest makes room when the window is full. */
  push(atMs: number, midCents: number, spreadCents: number, depthContracts: number): void {
    if (this.length === this.#capacity) this.#start += 1;
    if (this.#end === this.#atMs.length) this.#moveToFront();
    const slot = this.#end++;
    this.#atMs[slot] = atMs;
    this.#midCents[slot] = midCents;
    this.#spreadCents[slot] = spreadCents;
    this.#depthContracts[slot] = depthContracts;
  }

  /** Forgets samples taken before `atMs`. */
  dropBefore(atMs: number): void {
    this.#start += this.indexSince(atMs);
  }

  /** Index of the first sample taken at or after `atMs`; `length` when there is none. */
  indexSince(atMs: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#atMs[middle]! < atMs) low = middle + 1;
      else high = middle;
    }
    return low - this.#start;
  }

  atMs(index: number): number {
    return this.#atMs[this.#start + index]!;
  }

  midCents(index: number): number {
    return this.#midCents[this.#start + index]!;
  }

  spreadCents(index: number): number {
    return this.#spreadCents[this.#start + index]!;
  }

  depthContracts(index: number): number {
    return this.#depthContracts[this.#start + index]!;
  }

  #moveToFront(): void {
    for (const column of [this.#atMs, this.#midCents, this.#spreadCents, this.#depthContracts]) {
      column.copyWithin(0, this.#start, this.#end);
    }
    this.#end -= this.#start;
    this.#start = 0;
  }
}

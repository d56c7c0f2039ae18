/**
 * The latest samples of one market, oldest first, in a ring of typed columns: bounded, and without allocation once
 * built. Index 0 is the oldest sample that is still held.
 */
export class SampleWindow {
  readonly #atMs: Float64Array;
  readonly #midCents: Float64Array;
  readonly #spreadCents: Float64Array;
  readonly #depthContracts: Float64Array;
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#atMs = new Float64Array(capacity);
    this.#midCents = new Float64Array(capacity);
    this.#spreadCents = new Float64Array(capacity);
    this.#depthContracts = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a sample; the oldest makes room when the ring is full. */
  push(atMs: number, midCents: number, spreadCents: number, depthContracts: number): void {
    const capacity = this.#atMs.length;
    if (this.#length === capacity) {
      this.#start = (this.#start + 1) % capacity;
      this.#length -= 1;
    }
    const slot = (this.#start + this.#length) % capacity;
    this.#atMs[slot] = atMs;
    this.#midCents[slot] = midCents;
    this.#spreadCents[slot] = spreadCents;
    this.#depthContracts[slot] = depthContracts;
    this.#length += 1;
  }

  /** Forgets samples taken before `atMs`. */
  dropBefore(atMs: number): void {
    while (this.#length > 0 && this.#atMs[this.#start]! < atMs) {
      this.#start = (this.#start + 1) % this.#atMs.length;
      this.#length -= 1;
    }
  }

  /** Index of the first sample taken at or after `atMs`; `length` when there is none. */
  indexSince(atMs: number): number {
    let index = this.#length;
    while (index > 0 && this.atMs(index - 1) >= atMs) index -= 1;
    return index;
  }

  atMs(index: number): number {
    return this.#atMs[this.#slot(index)]!;
  }

  midCents(index: number): number {
    return this.#midCents[this.#slot(index)]!;
  }

  spreadCents(index: number): number {
    return this.#spreadCents[this.#slot(index)]!;
  }

  depthContracts(index: number): number {
    return this.#depthContracts[this.#slot(index)]!;
  }

  #slot(index: number): number {
    return (this.#start + index) % this.#atMs.length;
  }
}

import { createRandom, MmError, type Random } from '@kalshi-mm/core';
import type { z } from 'zod';
import { FAULT_NAMES, type FaultName, FaultOptions, FaultOrder } from './fault-options.ts';

/** The hand on the faults of a running local exchange. */
export interface LocalFaults {
  /**
   * Makes a fault happen to the next thing that fits, `times` times.
   *
   * @throws MmError `bad-fault` for an unknown name or order
   */
  inject(name: FaultName, order?: FaultOrder): void;
  /** How often each fault has happened so far. */
  happened(name: FaultName): number;
}

/** With everything that was left out filled in. */
export type ParsedFaultOptions = z.output<typeof FaultOptions>;

interface Waiting {
  readonly match: string | undefined;
  times: number;
}

/**
 * Decides what goes wrong. Every fault draws from a stream of its own, and draws only while its rate is above zero,
 * so that switching one on leaves the others where they were.
 */
export class Faults implements LocalFaults {
  readonly options: ParsedFaultOptions;
  readonly #streams = new Map<FaultName, Random>();
  readonly #waiting = new Map<FaultName, Waiting[]>();
  readonly #counts = new Map<FaultName, number>();
  #isActive: boolean;
  /** Told that a fault has been ordered. */
  onOrdered: (name: FaultName) => void = () => {};

  /** @throws MmError `bad-fault` */
  constructor(options: FaultOptions) {
    this.options = parseFaultOptions(options);
    const random = createRandom(this.options.seed).fork('faults');
    for (const name of FAULT_NAMES) {
      if (this.options[name] > 0) this.#streams.set(name, random.fork(name));
    }
    this.#isActive = this.#streams.size > 0;
  }

  /** False while nothing at all can happen. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** @param subject what is about to be done: a REST operation or a frame's type */
  happens(name: FaultName, subject: string): boolean {
    if (!this.#isActive) return false;
    const hit = this.#takeOrdered(name, subject) || this.#draw(name);
    if (hit) this.count(name);
    return hit;
  }

  /** Whether it was ordered for this subject, which uses the order up. */
  wasOrdered(name: FaultName, subject: string): boolean {
    const hit = this.#takeOrdered(name, subject);
    if (hit) this.count(name);
    return hit;
  }

  /** Whether an order waits for something that fits. */
  isOrdered(name: FaultName): boolean {
    return this.#waiting.has(name);
  }

  /**
   * Whether a fault is to happen on an occasion, by its rate alone; the same answer whenever and however often it is
   * asked, and nothing is counted.
   *
   * @returns randomness of the occasion; null when it is not hit
   */
  isPlanned(name: FaultName, occasion: string): Random | null {
    const random = this.#streams.get(name)?.fork(occasion);
    return random !== undefined && random.next() < this.options[name] ? random : null;
  }

  count(name: FaultName): void {
    this.#counts.set(name, this.happened(name) + 1);
  }

  inject(name: FaultName, order: FaultOrder = {}): void {
    if (!FAULT_NAMES.includes(name)) throw badFault(`${name}: there is no such fault`);
    const parsed = FaultOrder.safeParse(order);
    if (!parsed.success) throw badFault(explain(parsed.error.issues));
    const list = this.#waiting.get(name) ?? [];
    list.push({ match: parsed.data.match, times: parsed.data.times });
    this.#waiting.set(name, list);
    this.#isActive = true;
    this.onOrdered(name);
  }

  happened(name: FaultName): number {
    return this.#counts.get(name) ?? 0;
  }

  #takeOrdered(name: FaultName, subject: string): boolean {
    const list = this.#waiting.get(name);
    const index = list?.findIndex(({ match }) => match === undefined || match === subject) ?? -1;
    if (list === undefined || index < 0) return false;
    const found = list[index]!;
    found.times--;
    if (found.times === 0) list.splice(index, 1);
    if (list.length === 0) this.#waiting.delete(name);
    this.#isActive = this.#streams.size > 0 || this.#waiting.size > 0;
    return true;
  }

  #draw(name: FaultName): boolean {
    const stream = this.#streams.get(name);
    return stream !== undefined && stream.next() < this.options[name];
  }
}

/** @throws MmError `bad-fault` naming the option */
function parseFaultOptions(options: unknown): ParsedFaultOptions {
  const parsed = FaultOptions.safeParse(options);
  if (!parsed.success) throw badFault(explain(parsed.error.issues));
  return parsed.data;
}

function explain(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) {
  return issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'faults'}: ${message}`)
    .join('; ');
}

function badFault(what: string): MmError {
  return new MmError('bad-fault', `The faults cannot be used: ${what}`, {
    todo: `Give probabilities from 0 to 1 by name: ${FAULT_NAMES.join(', ')}.`,
  });
}

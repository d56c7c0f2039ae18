/** Where a frame stands in the numbering of its subscription. */
export type SequenceVerdict = 'next' | 'gap' | 'repeat';

/** Frames in a row with an old number after which the numbering must have started again. */
const RESTART_AFTER = 20;

/**
 * Follows the `seq` of one subscription: one count for all of its markets, snapshots and acknowledgements included.
 * The first number is taken as it comes.
 */
export class Sequence {
  #last = -1;
  #repeats = 0;

  check(seq: number): SequenceVerdict {
    const last = this.#last;
    if (seq === last + 1 || last === -1) {
      this.#last = seq;
      this.#repeats = 0;
      return 'next';
    }
    if (seq > last) {
      this.#last = seq;
      this.#repeats = 0;
      return 'gap';
    }
    // A numbering that starts again unannounced would look like repeats for ever.
    if (++this.#repeats < RESTART_AFTER) return 'repeat';
    this.#last = seq;
    this.#repeats = 0;
    return 'gap';
  }
}

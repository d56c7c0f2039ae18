/** Where a frame stands in the numbering of its subscription. */
export type SequenceVerdict = 'next' | 'gap' | 'repeat';

/** Frames in a row with an old number after which the numbering must have started again. */
const RESTART_AFTER = 20;

/** Follows the numbers of one subscription. The first one is taken as it comes. */
export function createSequence(): (seq: number) => SequenceVerdict {
  let last = -1;
  let repeats = 0;
  return (seq) => {
    if (last === -1 || seq === last + 1) {
      last = seq;
      repeats = 0;
      return 'next';
    }
    if (seq <= last && ++repeats < RESTART_AFTER) return 'repeat';
    last = seq;
    repeats = 0;
    return 'gap';
  };
}

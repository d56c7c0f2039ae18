/** What stands at one place of a frame, between two stretches of fixed text. */
export const Slot = {
  // One of two words.
  OUTCOME: 0,
  BOOK_SIDE: 1,
  OUTCOME_SIDE: 2,
  TAKER_SIDE: 3,
  BLOCK: 4,
  ANY_BOOLEAN: 5,
  // Numbers.
  SID: 6,
  SEQ: 7,
  PRICE: 8,
  DELTA: 9,
  COUNT: 10,
  TIME: 11,
  ANY_INTEGER: 12,
  // Texts.
  TICKER: 13,
  ANY_TEXT: 14,
} as const;

export const SLOTS = Object.keys(Slot).length;
